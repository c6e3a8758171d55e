package fungraph.runtime;

import java.io.IOException;
import java.util.Map;

/** What LOAD tells of the function (PROTOCOL.md). */
final class LoadMessage {
  /** A method that is called beside the handler. */
  static final class Hook {
    final String handler;
    final int timeoutSeconds;

    private Hook(Map<String, Object> hook) {
      handler = Json.text(hook, "handler");
      timeoutSeconds = Json.number(hook, "timeoutSeconds");
    }
  }

  final String codeRoot;
  final String handler;

  /** Each of the three is null when LOAD names none. */
  final Hook initializer;

  final Hook preStop;
  final Hook heartbeat;
  final int concurrency;
  final Map<String, String> environment;
  final Map<String, String> userData;
  final Map<String, Object> function;
  final Map<String, Object> credentials;
  final int maxResponseBytes;

  LoadMessage(String json) throws IOException {
    Map<String, Object> message = Json.object(Json.read(json));
    codeRoot = Json.text(message, "codeRoot");
    handler = Json.text(message, "handler");
    initializer = hook(message, "initializer");
    preStop = hook(message, "preStop");
    heartbeat = hook(message, "heartbeat");
    concurrency = Math.max(1, Json.number(message, "concurrency"));
    environment = Json.texts(message, "environment");
    userData = Json.texts(message, "userData");
    function = Json.object(message.get("function"));
    credentials = Json.object(message.get("credentials"));
    maxResponseBytes = Json.number(message, "maxResponseBytes");
  }

  private static Hook hook(Map<String, Object> message, String name) {
    Object hook = message.get(name);
    return hook == null ? null : new Hook(Json.object(hook));
  }
}
