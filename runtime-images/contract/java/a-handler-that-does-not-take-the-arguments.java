package demo;

public class Index {
  public String handler(String event, int more) {
    return event;
  }
}
