"""What the handler gets as `context`."""
from . import clock
from .logger import Logger

_NO_META = {}


class Context(object):
    """One per request; what all requests share is on `loaded`, LOAD's message."""

    __slots__ = ("_request_id", "_deadline", "_meta", "_scope", "_logger", "_state", "_instance_id")
    loaded = None

    def __init__(self, request_id, deadline, meta, scope):
        self._request_id = request_id
        self._deadline = deadline
        self._meta = meta or _NO_META
        self._scope = scope
        self._logger = None
        self._state = None
        self._instance_id = self.loaded["function"].get("instanceId", "")

    def getRequestID(self):
        return self._request_id

    def getRemainingTimeInMilliSeconds(self):
        return max(0, int((self._deadline - clock.now()) * 1000))

    def getAccessKey(self):
        return self._credential("accessKey")

    def getSecretKey(self):
        return self._credential("secretKey")

    def getSecurityAccessKey(self):
        return self._credential("securityAccessKey")

    def getSecuritySecretKey(self):
        return self._credential("securitySecretKey")

    def getSecurityToken(self):
        return self._credential("securityToken")

    def getToken(self):
        return self._credential("token")

    def getUserData(self, key, default=None):
        """Value of a plain or encrypted variable of the user; None when there is none."""
        return self.loaded["userData"].get(key, default)

    def getFunctionName(self):
        return self.loaded["function"]["name"]

    def getRunningTimeInSeconds(self):
        """The timeout in milliseconds: the name says seconds, the service's Python runtimes answer milliseconds."""
        return int(self.loaded["function"]["timeoutSeconds"] * 1000)

    def getVersion(self):
        return self.loaded["function"]["version"]

    def getMemorySize(self):
        """MB."""
        return self.loaded["function"]["memoryMb"]

    def getCPUNumber(self):
        """Millicores."""
        return self.loaded["function"]["cpuMillicores"]

    def getProjectID(self):
        return self.loaded["function"]["projectId"]

    def getPackage(self):
        return self.loaded["function"]["package"]

    def getLogger(self):
        if self._logger is None:
            self._logger = Logger(self._request_id, self._scope)
        return self._logger

    def getAlias(self):
        return self._meta.get("alias", "")

    def getWorkflowID(self):
        return self._meta.get("workflowId", "")

    def getWorkflowRunID(self):
        return self._meta.get("workflowRunId", "")

    def getWorkflowStateID(self):
        return self._meta.get("workflowStateId", "")

    def set_state(self, state):
        """Keeps a value for the rest of this request."""
        self._state = state

    def get_state(self):
        return self._state

    def set_instance_id(self, instance_id):
        self._instance_id = instance_id

    def get_instance_id(self):
        return self._instance_id

    def get_invoke_id(self):
        return self._request_id

    def get_trace_id(self):
        return self._meta.get("traceId", "")

    def get_invoke_property(self):
        return self._meta

    def _credential(self, name):
        return self.loaded["credentials"].get(name, "")
