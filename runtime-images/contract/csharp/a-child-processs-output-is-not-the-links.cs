using System.Diagnostics;
using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(Stream input, IFunctionContext context)
        {
            using (Process child = Process.Start(new ProcessStartInfo("echo", "from the child") { UseShellExecute = false }))
            {
                child.WaitForExit();
            }
            return "parent";
        }
    }
}
