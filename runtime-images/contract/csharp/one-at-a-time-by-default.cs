using System.IO;
using System.Threading;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        private int running;

        public int Handler(Stream input, IFunctionContext context)
        {
            Interlocked.Increment(ref running);
            Thread.Sleep(1);
            return Interlocked.Decrement(ref running) + 1;
        }
    }
}
