using System;
using System.Collections.Generic;
using HC.Serverless.Function.Common;

namespace Fungraph.Runtime
{
    /// <summary>What the handler gets: one per request; what all requests share is in LOAD's message.</summary>
    internal sealed class Context : IFunctionContext
    {
        private readonly LoadMessage loaded;
        private readonly double deadline;
        private readonly Dictionary<string, object> meta;
        private readonly Scope scope;
        private Logger logger;

        /// <param name="meta">Meta of INVOKE, or null.</param>
        /// <param name="scope">The request, or null for what belongs to the instance.</param>
        public Context(LoadMessage loaded, string requestId, double deadline, Dictionary<string, object> meta, Scope scope)
        {
            this.loaded = loaded;
            RequestId = requestId;
            this.deadline = deadline;
            this.meta = meta;
            this.scope = scope;
        }

        public string RequestId { get; }

        public string ProjectId
        {
            get { return loaded.FunctionText("projectId"); }
        }

        public string PackageName
        {
            get { return loaded.FunctionText("package"); }
        }

        public string FunctionName
        {
            get { return loaded.FunctionText("name"); }
        }

        public string FunctionVersion
        {
            get { return loaded.FunctionText("version"); }
        }

        public int MemoryLimitInMb
        {
            get { return loaded.FunctionNumber("memoryMb"); }
        }

        public int CpuNumber
        {
            get { return loaded.FunctionNumber("cpuMillicores"); }
        }

        public string AccessKey
        {
            get { return loaded.Credential("accessKey"); }
        }

        public string SecretKey
        {
            get { return loaded.Credential("secretKey"); }
        }

        public string SecurityAccessKey
        {
            get { return loaded.Credential("securityAccessKey"); }
        }

        public string SecuritySecretKey
        {
            get { return loaded.Credential("securitySecretKey"); }
        }

        public string SecurityToken
        {
            get { return loaded.Credential("securityToken"); }
        }

        public string Token
        {
            get { return loaded.Credential("token"); }
        }

        public string WorkflowID
        {
            get { return Meta("workflowId"); }
        }

        public string WorkflowRunID
        {
            get { return Meta("workflowRunId"); }
        }

        public string WorkflowStateID
        {
            get { return Meta("workflowStateId"); }
        }

        public int RemainingTimeInMilliSeconds
        {
            get { return (int)Math.Max(0, (deadline - Clock.Now) * 1000); }
        }

        public IFunctionLogger Logger
        {
            get { return logger ?? (logger = new Logger(RequestId, scope)); }
        }

        public string GetUserData(string key, string defvalue = "")
        {
            return loaded.UserData(key) ?? defvalue;
        }

        private string Meta(string name)
        {
            object value = null;
            return meta != null && meta.TryGetValue(name, out value) ? (string)value : "";
        }
    }
}
