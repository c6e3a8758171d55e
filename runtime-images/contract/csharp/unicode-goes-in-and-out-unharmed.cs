using System.IO;
using System.Text;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            string text = new JsonSerializer().Deserialize<string>(input);
            return new MemoryStream(Encoding.UTF8.GetBytes(text + "–木😀"));
        }
    }
}
