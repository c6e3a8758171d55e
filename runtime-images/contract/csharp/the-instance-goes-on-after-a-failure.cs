using System;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Input input, IFunctionContext context)
        {
            if (input.Bad)
            {
                throw new Exception("bad");
            }
            return "good";
        }
    }

    public class Input
    {
        public bool Bad { get; set; }
    }
}
