using System.Collections.Generic;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Dictionary<string, object> Handler(object input, IFunctionContext context)
        {
            return new Dictionary<string, object> { { "got", input } };
        }
    }
}
