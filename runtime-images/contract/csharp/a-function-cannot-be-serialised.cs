using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Func<int> Handler(Stream input, IFunctionContext context)
        {
            return () => 1;
        }
    }
}
