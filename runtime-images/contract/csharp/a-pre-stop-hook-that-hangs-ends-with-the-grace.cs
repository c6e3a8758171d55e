using System.IO;
using System.Threading;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Stop(IFunctionContext context)
        {
            Thread.Sleep(60000);
        }

        public int Handler(Stream input, IFunctionContext context)
        {
            return 1;
        }
    }
}
