using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Stream input, IFunctionContext context)
        {
            return "{\"not\": \"encoded again\"}";
        }
    }
}
