using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Init(int number)
        {
        }

        public object Handler(Stream input, IFunctionContext context)
        {
            return 1;
        }
    }
}
