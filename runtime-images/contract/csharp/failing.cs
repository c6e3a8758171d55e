using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Program()
        {
            if (Environment.GetEnvironmentVariable("FAIL") == "load")
            {
                throw new Exception("no load");
            }
        }

        public void Init(IFunctionContext context)
        {
            if (Environment.GetEnvironmentVariable("FAIL") == "init")
            {
                throw new Exception("no init");
            }
        }

        // Fails as the event says.
        public object Handler(string way, IFunctionContext context)
        {
            switch (way.Trim('"'))
            {
                case "fine":
                    return "fine";
                case "code":
                    throw new Exception("no code");
                case "hang":
                    while (true)
                    {
                    }
                case "memory":
                    return Take();
                case "disk":
                    return Fill();
                case "exit":
                    Environment.Exit(3);
                    return null;
                case "signal":
                    Process.GetCurrentProcess().Kill();
                    return null;
                case "large":
                    return new string('x', 6291457);
                default:
                    return new Action(() => { });
            }
        }

        private static object Take()
        {
            var kept = new List<byte[]>();
            while (true)
            {
                var piece = new byte[1 << 20];
                for (var at = 0; at < piece.Length; at += 4096)
                {
                    piece[at] = 1;
                }
                kept.Add(piece);
            }
        }

        private static object Fill()
        {
            using (var file = new FileStream("/tmp/full", FileMode.Create))
            {
                var piece = new byte[1 << 20];
                while (true)
                {
                    file.Write(piece, 0, piece.Length);
                    file.Flush();
                }
            }
        }
    }
}
