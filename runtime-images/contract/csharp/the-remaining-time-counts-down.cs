using System.IO;
using System.Threading;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public bool[] Handler(Stream input, IFunctionContext context)
        {
            int before = context.RemainingTimeInMilliSeconds;
            Thread.Sleep(60);
            int after = context.RemainingTimeInMilliSeconds;
            return new[] { before <= 5000, before > 3000, before - after >= 50 };
        }
    }
}
