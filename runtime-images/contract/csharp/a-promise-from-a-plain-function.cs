using System.IO;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Task<string> Handler(Stream input, IFunctionContext context)
        {
            return Task.Delay(5).ContinueWith(done => "later");
        }
    }
}
