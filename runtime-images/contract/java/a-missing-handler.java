package demo;

public class Index {}
