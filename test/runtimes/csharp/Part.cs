namespace Parts
{
    /// <summary>Of another assembly of the code.</summary>
    public static class Part
    {
        public static string Name
        {
            get { return typeof(Part).Assembly.GetName().Name; }
        }
    }
}
