using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Handler(Stream input, IFunctionContext context)
        {
            Console.WriteLine("out {0}", 1);
            Console.Error.WriteLine("err");
            Console.Write("begun ");
            Console.Write("and ended\n");
            Console.Write("two\nlines\n");
            Console.Error.Write("no newline");
        }
    }
}
