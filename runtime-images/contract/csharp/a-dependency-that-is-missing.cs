using System.IO;
using System.Reflection;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Program()
        {
            // As the loader does for an assembly that the code needs and does not bring.
            Assembly.Load("NotThere");
        }

        public Stream Handler(Stream input, IFunctionContext context)
        {
            return input;
        }
    }
}
