using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public object[] Handler(Stream input, IFunctionContext context)
        {
            return new object[]
            {
                context.GetUserData("KEY"), context.GetUserData("none") == "", context.GetUserData("none", "default") == "default",
            };
        }
    }
}
