using System;
using System.IO;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public async Task<string> Handler(Stream input, IFunctionContext context)
        {
            await Task.Delay(5);
            throw new InvalidOperationException("rejected");
        }
    }
}
