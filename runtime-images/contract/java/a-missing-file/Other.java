package demo;

public class Other {}
