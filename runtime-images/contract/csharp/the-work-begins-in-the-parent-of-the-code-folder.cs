using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Stream input, IFunctionContext context)
        {
            string code = Path.GetDirectoryName(GetType().Assembly.Location);
            bool beside = File.Exists(Path.Combine(Directory.GetCurrentDirectory(), Path.GetFileName(code), "index.dll"));
            return beside ? Path.GetFileName(code) : Directory.GetCurrentDirectory();
        }
    }
}
