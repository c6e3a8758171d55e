using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public void Other()
        {
        }
    }
}
