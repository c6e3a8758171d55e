package fungraph.runtime;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.lang.reflect.Type;

/**
 * Gson. Defined anew beside code that brings a Gson of its own, so that its JsonObject and
 * annotations are the ones that count; therefore public, and only with methods that every Gson
 * since 2.2 has.
 */
public final class GsonCodec implements Codec {
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();

  @Override
  public Object read(String json, Type type) {
    try {
      return gson.fromJson(json, type);
    } catch (JsonParseException fault) {
      throw new IllegalArgumentException(fault.getMessage(), fault);
    }
  }

  @Override
  public String write(Object value, Type type) {
    return gson.toJson(value, type);
  }
}
