package absent;

/** Is compiled against, and left out of the code. */
public class NotThere {}
