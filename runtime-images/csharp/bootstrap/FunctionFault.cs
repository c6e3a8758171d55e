using System;

namespace Fungraph.Runtime
{
    /// <summary>A fault of the function's configuration, files or result, without a stack worth showing.</summary>
    internal sealed class FunctionFault : Exception
    {
        public FunctionFault(string kind, string message)
            : base(message)
        {
            Kind = kind;
        }

        /// <summary>What the error body says as errorType.</summary>
        public string Kind { get; }
    }
}
