using System.IO;
using System.Threading;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Stream input, IFunctionContext context)
        {
            Thread.Sleep(100);
            return "ended";
        }
    }
}
