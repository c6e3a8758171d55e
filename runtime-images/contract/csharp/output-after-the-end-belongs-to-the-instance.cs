using System;
using System.IO;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public int Handler(Stream input, IFunctionContext context)
        {
            Task.Delay(30).ContinueWith(done => Console.WriteLine("late"));
            return 1;
        }
    }
}
