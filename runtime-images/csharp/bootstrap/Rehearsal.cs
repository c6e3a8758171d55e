using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text;
using HC.Serverless.Function.Common;

namespace Fungraph.Runtime
{
    /// <summary>
    /// What a spare instance does while it waits: it loads a function, and runs requests whose answers go nowhere, so that all
    /// that a first request needs is compiled and in memory.
    /// </summary>
    internal sealed class Rehearsal
    {
        private const string Event = "{\"name\":\"\\u00e9 \",\"number\":-1,\"half\":0.5,\"flag\":true,\"items\":[1],\"map\":{\"a\":null}}";

        /// <summary>Changes the link of Scope.</summary>
        public static void Run()
        {
            Link nowhere = Link.ToNowhere();
            Scope.Link = nowhere;
            Output.Install();
            foreach (string method in new[] { "OfStream", "OfObject" })
            {
                var message = new LoadMessage(Load(method));
                var function = new Function(message, new CodeFolder(message.CodeRoot));
                for (int i = 0; i < 2; i++)
                {
                    var request = new Request(Invoke());
                    Output.Only = request;
                    request.Run(function);
                }
            }
            Output.Only = null;
            nowhere.Flush();
            nowhere.Close();
        }

        public Stream OfStream(Stream input, IFunctionContext context)
        {
            return new MemoryStream(Encoding.UTF8.GetBytes(new StreamReader(input).ReadToEnd()));
        }

        public Sample OfObject(Sample input, IFunctionContext context)
        {
            Console.WriteLine("{0} {1}", context.FunctionName, context.GetUserData("KEY"));
            context.Logger.Logf("{0} ms are left", context.RemainingTimeInMilliSeconds);
            return input;
        }

        private static string Load(string method)
        {
            Assembly own = typeof(Rehearsal).Assembly;
            return "{\"codeRoot\":\"" + Path.GetDirectoryName(own.Location) + "\",\"handler\":\"" + own.GetName().Name
                + "::Fungraph.Runtime.Rehearsal::" + method + "\",\"concurrency\":1,\"maxResponseBytes\":9,\"environment\":{},"
                + "\"userData\":{\"KEY\":\"\"},\"credentials\":{},\"function\":{\"name\":\"\",\"timeoutSeconds\":1.5},"
                + "\"initializer\":{\"handler\":\"\",\"timeoutSeconds\":3}}";
        }

        private static Frame Invoke()
        {
            byte[] head = { 1, 0, 0, 0, 1, (byte)'i' };
            byte[] body = Encoding.UTF8.GetBytes(Event);
            var buffer = new byte[head.Length + body.Length];
            head.CopyTo(buffer, 0);
            body.CopyTo(buffer, head.Length);
            return new Frame { Buffer = buffer, Payload = head.Length, End = buffer.Length };
        }

        internal sealed class Sample
        {
            public string Name { get; set; }

            public int Number { get; set; }

            public double Half { get; set; }

            public bool Flag { get; set; }

            public List<int> Items { get; set; }

            public Dictionary<string, string> Map { get; set; }
        }
    }
}
