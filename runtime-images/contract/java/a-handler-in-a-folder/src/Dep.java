package demo.src;

class Dep {
  String name() {
    return "dep";
  }
}
