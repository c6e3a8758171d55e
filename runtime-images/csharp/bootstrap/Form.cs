using System;
using System.IO;
using System.Reflection;
using System.Text;
using Fungraph.Json;
using HC.Serverless.Function.Common;

namespace Fungraph.Runtime
{
    /// <summary>Gives a handler its event in the form it takes, and turns what it returns into bytes.</summary>
    internal sealed class Form
    {
        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false);

        private readonly Type type;
        private readonly IFunctionSerializer serializer;

        public Form(Handler handler)
        {
            type = handler.EventType;
            Type named = handler.SerializerType;
            serializer = named == null ? null : (IFunctionSerializer)Activator.CreateInstance(named);
        }

        /// <summary>The event as a stream, as its text, as its bytes, or read as JSON.</summary>
        /// <exception cref="FunctionFault">It is no JSON, or does not fit.</exception>
        public object Read(byte[] bytes)
        {
            if (type == typeof(Stream) || type == typeof(MemoryStream))
            {
                return new MemoryStream(bytes, 0, bytes.Length, true, true);
            }
            if (type == typeof(string))
            {
                return Utf8.GetString(bytes);
            }
            if (type == typeof(byte[]))
            {
                return bytes;
            }
            return serializer == null ? Fit(bytes) : Deserialize(bytes);
        }

        /// <summary>A stream's or text's own bytes, or JSON; a stream that was written to its end begins again.</summary>
        /// <exception cref="NotSupportedException">The value has no JSON form.</exception>
        public ArraySegment<byte> Write(object value)
        {
            var stream = value as Stream;
            if (stream == null && serializer != null && value != null && !(value is string) && !(value is byte[]))
            {
                stream = Serialize(value);
            }
            if (stream != null)
            {
                return BytesOf(stream);
            }
            byte[] bytes = value as byte[] ?? Utf8.GetBytes(value == null ? "" : value as string ?? JsonWriter.Text(value));
            return new ArraySegment<byte>(bytes);
        }

        private static ArraySegment<byte> BytesOf(Stream stream)
        {
            var memory = stream as MemoryStream;
            if (memory != null)
            {
                // One that was closed, by a writer over it for example, still has its bytes.
                byte[] all = memory.ToArray();
                int from = memory.CanSeek && memory.Position < all.Length ? (int)memory.Position : 0;
                memory.Dispose();
                return new ArraySegment<byte>(all, from, all.Length - from);
            }
            if (stream.CanSeek && stream.Position == stream.Length)
            {
                stream.Position = 0;
            }
            using (stream)
            {
                var copy = new MemoryStream();
                stream.CopyTo(copy);
                return new ArraySegment<byte>(copy.ToArray());
            }
        }

        private object Fit(byte[] bytes)
        {
            try
            {
                return JsonShape.Fit(JsonReader.Parse(Utf8.GetString(bytes)), type);
            }
            catch (FormatException error)
            {
                throw new FunctionFault("UserFunctionError", "the event is not JSON: " + error.Message);
            }
        }

        private object Deserialize(byte[] bytes)
        {
            MethodInfo generic = typeof(IFunctionSerializer).GetMethod("Deserialize").MakeGenericMethod(type);
            return generic.Invoke(serializer, new object[] { new MemoryStream(bytes, 0, bytes.Length, true, true) });
        }

        private Stream Serialize(object value)
        {
            MethodInfo generic = typeof(IFunctionSerializer).GetMethod("Serialize").MakeGenericMethod(value.GetType());
            return (Stream)generic.Invoke(serializer, new[] { value });
        }
    }
}
