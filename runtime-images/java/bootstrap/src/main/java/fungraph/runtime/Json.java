package fungraph.runtime;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bootstrap's own JSON: small documents of known form, read without a binding. */
final class Json {
  private Json() {}

  /**
   * The maps, lists, strings, numbers and booleans of a document.
   *
   * @throws IOException when the text is no JSON
   */
  static Object read(String text) throws IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    Object value = value(reader);
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new IOException("text follows the value at " + reader.getPath());
    }
    return value;
  }

  /** The map of a document that is one; anything else is an empty one. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object value) {
    return value instanceof Map ? (Map<String, Object>) value : new LinkedHashMap<String, Object>();
  }

  /** The text under a name; empty when there is none. */
  static String text(Map<String, Object> object, String name) {
    Object value = object.get(name);
    return value == null ? "" : value.toString();
  }

  /** The whole number under a name; 0 when there is none. */
  static int number(Map<String, Object> object, String name) {
    Object value = object.get(name);
    return value instanceof Double ? ((Double) value).intValue() : 0;
  }

  /** The text values of the object under a name. */
  static Map<String, String> texts(Map<String, Object> object, String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Object> entry : object(object.get(name)).entrySet()) {
      texts.put(entry.getKey(), String.valueOf(entry.getValue()));
    }
    return texts;
  }

  /** An error body: four spaces of indentation. */
  static String errorBody(String message, String type, List<String> stackTrace) {
    StringWriter text = new StringWriter();
    try {
      JsonWriter writer = new JsonWriter(text);
      writer.setIndent("    ");
      writer.beginObject();
      writer.name("errorMessage").value(message);
      writer.name("errorType").value(type);
      writer.name("stackTrace").beginArray();
      for (String line : stackTrace) {
        writer.value(line);
      }
      writer.endArray().endObject();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return text.toString();
  }

  private static Object value(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT:
        Map<String, Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
          object.put(reader.nextName(), value(reader));
        }
        reader.endObject();
        return object;
      case BEGIN_ARRAY:
        List<Object> list = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
          list.add(value(reader));
        }
        reader.endArray();
        return list;
      case NUMBER:
        return reader.nextDouble();
      case BOOLEAN:
        return reader.nextBoolean();
      case NULL:
        reader.nextNull();
        return null;
      default:
        return reader.nextString();
    }
  }
}
