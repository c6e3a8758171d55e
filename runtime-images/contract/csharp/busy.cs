using System.Diagnostics;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        // Computes for as many milliseconds as the event says.
        public void Handler(int milliseconds, IFunctionContext context)
        {
            var watch = Stopwatch.StartNew();
            while (watch.ElapsedMilliseconds < milliseconds)
            {
            }
        }
    }
}
