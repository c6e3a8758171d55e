using System;
using System.IO;
using System.Threading;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(int number, IFunctionContext context)
        {
            if (number == 1)
            {
                new Thread(() => { throw new InvalidOperationException("mine"); }).Start();
            }
            Thread.Sleep(10000);
            return null;
        }
    }
}
