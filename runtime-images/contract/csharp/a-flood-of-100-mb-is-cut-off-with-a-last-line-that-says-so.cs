using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Stream input, IFunctionContext context)
        {
            var line = new string('x', (64 * 1024) - 1);
            for (int i = 0; i < 1600; i++)
            {
                Console.WriteLine(line);
            }
            return "done";
        }
    }
}
