public class Index {}
