using System.Collections.Generic;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Greeting
    {
        public string name { get; set; }
    }

    public class Program
    {
        public Dictionary<string, object> Handler(Greeting greeting, IFunctionContext context)
        {
            context.Logger.Logf("greets {0}", greeting.name);
            return new Dictionary<string, object>
            {
                ["statusCode"] = 200,
                ["headers"] = new Dictionary<string, string> { ["Content-Type"] = "text/plain" },
                ["body"] = "Hello, " + greeting.name + "!",
                ["isBase64Encoded"] = false,
            };
        }
    }
}
