using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public object Handler(object input, IFunctionContext context)
        {
            return input;
        }
    }
}
