namespace HC.Serverless.Function.Common
{
    /// <summary>Writes lines of the form "time, request id, message" to the function's log.</summary>
    public interface IFunctionLogger
    {
        /// <summary>Writes the message as it is.</summary>
        void Log(string message);

        /// <summary>Writes a message with values for its places, as in <c>Logf("{0} of {1}", 1, 2)</c>.</summary>
        void Logf(string format, params object[] args);
    }
}
