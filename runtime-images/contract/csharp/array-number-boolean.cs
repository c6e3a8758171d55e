using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public object[] Handler(int number, IFunctionContext context)
        {
            return new object[] { number, number * 2, number > 1 };
        }
    }
}
