package demo;

public class NoConstructor {
  public NoConstructor(int needed) {}

  public String handler() {
    return "never";
  }
}
