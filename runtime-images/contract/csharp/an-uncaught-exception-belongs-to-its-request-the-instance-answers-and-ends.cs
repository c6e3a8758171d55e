using System;
using System.IO;
using System.Threading;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            new Thread(() => { throw new InvalidOperationException("outside"); }).Start();
            Thread.Sleep(10000);
            return input;
        }
    }
}
