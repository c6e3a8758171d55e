using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public object Handler(Stream input, IFunctionContext context)
        {
            throw new InvalidOperationException(new string('x', 8 << 20));
        }
    }
}
