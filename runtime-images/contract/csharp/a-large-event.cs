using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public int Handler(object text, IFunctionContext context)
        {
            return ((string)text).Length;
        }
    }
}
