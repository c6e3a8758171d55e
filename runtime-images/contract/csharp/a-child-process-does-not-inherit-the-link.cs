using System.Diagnostics;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public string Handler(object command, IFunctionContext context)
        {
            var start = new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
            using (Process child = Process.Start(start))
            {
                child.StandardInput.Write(command);
                child.StandardInput.Close();
                return child.StandardOutput.ReadToEnd();
            }
        }
    }
}
