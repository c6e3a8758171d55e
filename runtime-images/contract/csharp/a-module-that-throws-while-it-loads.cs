using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Program()
        {
            throw new Exception("early");
        }

        public Stream Handler(Stream input, IFunctionContext context)
        {
            return input;
        }
    }
}
