using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            throw new Odd();
        }
    }

    public class Odd : Exception
    {
        public Odd()
            : base("x")
        {
        }
    }
}
