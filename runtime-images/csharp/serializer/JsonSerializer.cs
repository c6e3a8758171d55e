using System.IO;
using System.Text;
using Fungraph.Json;

namespace HC.Serverless.Function.Common
{
    /// <summary>
    /// JSON for events and results. Names are those of properties and fields, or of their [DataMember]; reading ignores case.
    /// </summary>
    public class JsonSerializer : IFunctionSerializer
    {
        /// <summary>Reads the rest of the stream; an empty one gives the default value.</summary>
        /// <exception cref="System.FormatException">The text is no JSON, or does not fit the type.</exception>
        public T Deserialize<T>(Stream ins)
        {
            using (var reader = new StreamReader(ins, Encoding.UTF8, false, 4096, leaveOpen: true))
            {
                string text = reader.ReadToEnd();
                return text.Length == 0 ? default(T) : (T)JsonShape.Fit(JsonReader.Parse(text), typeof(T));
            }
        }

        /// <exception cref="System.NotSupportedException">The value has no JSON form.</exception>
        public Stream Serialize<T>(T value)
        {
            return new MemoryStream(Encoding.UTF8.GetBytes(JsonWriter.Text(value)));
        }
    }
}
