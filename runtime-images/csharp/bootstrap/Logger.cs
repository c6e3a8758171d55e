using System;
using System.Globalization;
using HC.Serverless.Function.Common;

namespace Fungraph.Runtime
{
    /// <summary>The logger of a context: time, request id, message.</summary>
    internal sealed class Logger : IFunctionLogger
    {
        private readonly string requestId;
        private readonly Scope scope;

        public Logger(string requestId, Scope scope)
        {
            this.requestId = requestId;
            this.scope = scope;
        }

        public void Log(string message)
        {
            Scope to = scope == null || scope.Finished ? Output.Current : scope;
            to.Log(Scope.Info, Clock.IsoTime + " " + requestId + " " + message);
        }

        public void Logf(string format, params object[] args)
        {
            // A text with braces and nothing to put there is no format.
            bool plain = args == null || args.Length == 0;
            Log(plain ? format : string.Format(CultureInfo.InvariantCulture, format, args));
        }
    }
}
