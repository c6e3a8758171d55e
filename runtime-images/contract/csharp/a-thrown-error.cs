using System;
using System.IO;
using System.Runtime.CompilerServices;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public Stream Handler(Stream input, IFunctionContext context)
        {
            Deeper();
            return input;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Deeper()
        {
            throw new InvalidCastException("boom");
        }
    }
}
