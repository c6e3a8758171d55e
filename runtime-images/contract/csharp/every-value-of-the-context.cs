using System.IO;
using HC.Serverless.Function.Common;

namespace Example
{
    public class Program
    {
        public object[] Handler(Stream input, IFunctionContext context)
        {
            return new object[]
            {
                context.RequestId, context.FunctionName, context.FunctionVersion, context.PackageName, context.ProjectId,
                context.MemoryLimitInMb, context.CpuNumber, context.AccessKey, context.SecretKey, context.SecurityAccessKey,
                context.SecuritySecretKey, context.SecurityToken, context.Token, context.WorkflowID, context.WorkflowRunID,
                context.WorkflowStateID,
            };
        }
    }
}
