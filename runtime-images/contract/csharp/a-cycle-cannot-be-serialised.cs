using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Ring Handler(Stream input, IFunctionContext context)
        {
            var ring = new Ring();
            ring.Next = ring;
            return ring;
        }
    }

    public class Ring
    {
        public Ring Next { get; set; }
    }
}
