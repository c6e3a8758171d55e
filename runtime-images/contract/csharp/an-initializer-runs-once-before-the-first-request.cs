using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        private int count;

        public void Init(IFunctionContext context)
        {
            Console.WriteLine("initializing");
            count++;
        }

        public int Handler(Stream input, IFunctionContext context)
        {
            return count;
        }
    }
}
