using System;
using System.IO;
using System.Reflection;
using System.Text;
using HC.Serverless.Function.Common;

namespace Fungraph.Runtime
{
    /// <summary>What a spare instance does while it waits: all that a first request needs is compiled once.</summary>
    internal static class Rehearsal
    {
        private const string Load = "{\"codeRoot\":\"/\",\"handler\":\"a::b::c\",\"concurrency\":1,\"environment\":{\"A\":\"\"},"
            + "\"userData\":{},\"credentials\":{},\"maxResponseBytes\":1,\"function\":{\"timeoutSeconds\":1.5,\"memoryMb\":-1}}";

        public static void Run()
        {
            var message = new LoadMessage(Load);
            var context = new Context(message, "", 0, null, null);
            var text = new StringBuilder(Clock.IsoTime).Append(context.RemainingTimeInMilliSeconds).Append(context.GetUserData(""));
            Handler handler = Handler.Of(typeof(Rehearsal).GetMethod("Echo", BindingFlags.NonPublic | BindingFlags.Static));
            var form = new Form(handler);
            object input = form.Read(Encoding.UTF8.GetBytes(text.ToString()));
            form.Write(handler.Call(input, context));
            Clock.ResidentKib(Clock.Now);
            Console.Out.Flush();
        }

        private static Stream Echo(Stream input, IFunctionContext context)
        {
            var copy = new MemoryStream();
            input.CopyTo(copy);
            return copy;
        }
    }
}
