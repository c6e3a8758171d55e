using System;
using System.Diagnostics;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            Console.WriteLine("last words");
            Process.GetCurrentProcess().Kill();
            return input;
        }
    }
}
