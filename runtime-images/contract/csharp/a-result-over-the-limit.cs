using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(int length, IFunctionContext context)
        {
            return new string('x', length);
        }
    }
}
