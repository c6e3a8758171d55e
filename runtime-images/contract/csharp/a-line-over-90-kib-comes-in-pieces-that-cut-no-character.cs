using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Handler(Stream input, IFunctionContext context)
        {
            Console.WriteLine(new string('é', 100000));
        }
    }
}
