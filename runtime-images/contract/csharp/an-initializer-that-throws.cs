using System;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Init(IFunctionContext context)
        {
            throw new Exception("not ready");
        }

        public int Handler(Stream input, IFunctionContext context)
        {
            return 1;
        }
    }
}
