namespace HC.Serverless.Function.Common
{
    /// <summary>What a handler can ask about its request and its function.</summary>
    public interface IFunctionContext
    {
        /// <summary>Id of the request; a retry keeps it.</summary>
        string RequestId { get; }

        string ProjectId { get; }

        /// <summary>Name of the application that the function belongs to.</summary>
        string PackageName { get; }

        string FunctionName { get; }

        string FunctionVersion { get; }

        /// <summary>Memory in MB.</summary>
        int MemoryLimitInMb { get; }

        /// <summary>Processor time in thousandths of a core.</summary>
        int CpuNumber { get; }

        /// <summary>Access key of the execution agency; empty without one.</summary>
        string AccessKey { get; }

        /// <summary>Secret key of the execution agency; empty without one.</summary>
        string SecretKey { get; }

        /// <summary>Temporary access key of the execution agency; empty without one.</summary>
        string SecurityAccessKey { get; }

        /// <summary>Temporary secret key of the execution agency; empty without one.</summary>
        string SecuritySecretKey { get; }

        /// <summary>What goes with the temporary keys; empty without an agency.</summary>
        string SecurityToken { get; }

        /// <summary>Token of the execution agency; empty without one.</summary>
        string Token { get; }

        /// <summary>Id of the flow that the request is part of; empty outside of flows.</summary>
        string WorkflowID { get; }

        string WorkflowRunID { get; }

        string WorkflowStateID { get; }

        /// <summary>Milliseconds until the request times out.</summary>
        int RemainingTimeInMilliSeconds { get; }

        /// <summary>Writes lines with time and request id.</summary>
        IFunctionLogger Logger { get; }

        /// <summary>Value of a plain or encrypted variable of the user.</summary>
        /// <param name="key">Name of the variable.</param>
        /// <param name="defvalue">The answer when there is no such variable.</param>
        string GetUserData(string key, string defvalue = "");
    }
}
