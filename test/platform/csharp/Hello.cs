using System;
using System.Collections.Generic;
using System.Diagnostics;
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

        public Stream Raise(Stream input, IFunctionContext context)
        {
            throw new InvalidOperationException("boom");
        }

        public Stream Exit(Stream input, IFunctionContext context)
        {
            Environment.Exit(3);
            return input;
        }

        public Stream Signal(Stream input, IFunctionContext context)
        {
            Process.GetCurrentProcess().Kill();
            return input;
        }

        public Stream Hang(Stream input, IFunctionContext context)
        {
            while (true)
            {
            }
        }

        public string TooLarge(Stream input, IFunctionContext context)
        {
            return new string('x', 6291457);
        }

        public Delegate NotSerialisable(Stream input, IFunctionContext context)
        {
            return new Action(() => { });
        }

        public int Memory(Stream input, IFunctionContext context)
        {
            var held = new List<byte[]>();
            while (true)
            {
                var more = new byte[1 << 20];
                for (int i = 0; i < more.Length; i += 4096)
                {
                    more[i] = 1;
                }
                held.Add(more);
            }
        }

        public int FullDisk(Stream input, IFunctionContext context)
        {
            var piece = new byte[1 << 20];
            using (var file = new FileStream("/tmp/full", FileMode.Create))
            {
                for (int i = 0; i < 600; i++)
                {
                    file.Write(piece, 0, piece.Length);
                    file.Flush();
                }
            }
            return 0;
        }
    }
}
