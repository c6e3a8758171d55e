package src;

class Dep {
  String name() {
    return "dep";
  }
}
