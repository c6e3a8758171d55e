using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        private static readonly string Early = Environment.GetEnvironmentVariable("RUNTIME_FUNC_NAME");

        public object[] Handler(Stream input, IFunctionContext context)
        {
            return new object[]
            {
                Early, Environment.GetEnvironmentVariable("MINE"), Environment.GetEnvironmentVariable("FUNGRAPH_TOKEN") == null,
                Environment.GetEnvironmentVariable("FUNGRAPH_LINK") == null,
            };
        }
    }
}
