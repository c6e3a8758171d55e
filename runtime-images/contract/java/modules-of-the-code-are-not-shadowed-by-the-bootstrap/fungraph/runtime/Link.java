package fungraph.runtime;

/** The bootstrap has a class of this name, too. */
public class Link {
  public static String whose() {
    return "mine";
  }
}
