using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Program()
        {
            Console.WriteLine("loading");
        }

        public int Handler(Stream input, IFunctionContext context)
        {
            return 1;
        }
    }
}
