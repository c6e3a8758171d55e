using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Handler(Stream input, IFunctionContext context)
        {
            IFunctionLogger log = context.Logger;
            log.Log("l");
            log.Logf("{0} of {1}", 1, "two");
            log.Logf("{ 'a': 1 }");
            log.Log("{0}");
        }
    }
}
