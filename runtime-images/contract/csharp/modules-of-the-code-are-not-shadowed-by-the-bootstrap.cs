using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Stream input, IFunctionContext context)
        {
            return Fungraph.Runtime.Context.Whose();
        }
    }
}

namespace Fungraph.Runtime
{
    public class Context
    {
        public static string Whose()
        {
            return "mine";
        }
    }
}
