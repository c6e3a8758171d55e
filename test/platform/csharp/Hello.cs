using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        private bool ready;
        private int came;

        public void Init(IFunctionContext context)
        {
            ready = true;
        }

        public object[] All(Dictionary<string, string> input, IFunctionContext context)
        {
            context.Logger.Logf("asked {0}", input["word"]);
            return new object[]
            {
                ready, context.FunctionName, context.GetUserData("KEY"), Environment.GetEnvironmentVariable("KEY"),
                context.MemoryLimitInMb, context.RemainingTimeInMilliSeconds > 100, Directory.GetCurrentDirectory(),
            };
        }

        /// <summary>Each waits until all have come: they share an instance and run at once, or never end.</summary>
        public async Task<string> Many(int number, IFunctionContext context)
        {
            Interlocked.Increment(ref came);
            while (Volatile.Read(ref came) < 4)
            {
                await Task.Delay(1);
            }
            Console.WriteLine("of " + number);
            return context.RequestId;
        }
    }
}
