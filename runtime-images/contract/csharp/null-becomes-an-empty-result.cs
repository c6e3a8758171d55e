using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            return null;
        }
    }
}
