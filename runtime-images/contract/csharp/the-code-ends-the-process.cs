using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            Console.WriteLine("last words");
            Environment.Exit(3);
            return input;
        }
    }
}
