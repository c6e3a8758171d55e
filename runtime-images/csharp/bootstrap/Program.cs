using System;
using System.Runtime.CompilerServices;

namespace Fungraph.Runtime
{
    /// <summary>Entry of a C# instance: greets the platform and then does what its frames say (../../PROTOCOL.md).</summary>
    internal static class Program
    {
        private static int Main()
        {
            string address = Environment.GetEnvironmentVariable("FUNGRAPH_LINK");
            string token = Environment.GetEnvironmentVariable("FUNGRAPH_TOKEN");
            Environment.SetEnvironmentVariable("FUNGRAPH_LINK", null);
            Environment.SetEnvironmentVariable("FUNGRAPH_TOKEN", null);
            if (string.IsNullOrEmpty(address))
            {
                Console.Error.WriteLine("FUNGRAPH_LINK is missing: this program is started by the platform (see PROTOCOL.md)");
                return 64;
            }
            return Serve(address, token);
        }

        // Apart, so that being started by hand needs nothing of the rest.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static int Serve(string address, string token)
        {
            new Instance(Link.Open(address)).Serve(token ?? "");
            return 0;
        }
    }
}
