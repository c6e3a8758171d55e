using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public double[] Handler(Stream input, IFunctionContext context)
        {
            return new[] { double.NaN };
        }
    }
}
