using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Stop(IFunctionContext context)
        {
            Console.WriteLine("stopping " + context.FunctionName);
        }

        public int Handler(Stream input, IFunctionContext context)
        {
            return 1;
        }
    }
}
