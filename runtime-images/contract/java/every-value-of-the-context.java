package demo;

import com.huawei.services.runtime.Context;
import java.util.Arrays;
import java.util.List;

public class Index {
  public List<Object> handler(Object event, Context context) {
    return Arrays.<Object>asList(
        context.getRequestID(),
        context.getFunctionName(),
        context.getVersion(),
        context.getPackage(),
        context.getProjectID(),
        context.getRunningTimeInSeconds(),
        context.getMemorySize(),
        context.getCPUNumber(),
        context.getAlias(),
        context.getAccessKey(),
        context.getSecretKey(),
        context.getSecurityAccessKey(),
        context.getSecuritySecretKey(),
        context.getSecurityToken(),
        context.getToken(),
        context.getWorkflowID(),
        context.getWorkflowRunID(),
        context.getWorkflowStateID());
  }
}
