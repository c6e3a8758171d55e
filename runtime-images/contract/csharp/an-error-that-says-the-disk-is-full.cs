using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            const int NoSpace = 28;
            throw new IOException("No space left on device", NoSpace);
        }
    }
}
