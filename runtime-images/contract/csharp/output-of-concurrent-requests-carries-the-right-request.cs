using System;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public async Task<string> Handler(int number, IFunctionContext context)
        {
            for (int i = 0; i < 3; i++)
            {
                Console.WriteLine("of {0}", number);
                await Task.Delay(5);
            }
            return context.RequestId;
        }
    }
}
