names = ["getRequestID", "getFunctionName", "getVersion", "getPackage", "getProjectID", "getRunningTimeInSeconds", "getMemorySize", "getCPUNumber", "getAlias", "getAccessKey", "getSecretKey", "getSecurityAccessKey", "getSecuritySecretKey", "getSecurityToken", "getToken", "getWorkflowID", "getWorkflowRunID", "getWorkflowStateID"]

def handler(event, context):
    return [getattr(context, name)() for name in names]
