using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;
using System.Threading.Tasks;

namespace Fungraph.Json
{
    /// <summary>Writes values as JSON.</summary>
    internal sealed class JsonWriter
    {
        private readonly StringBuilder text = new StringBuilder();
        private readonly List<object> above = new List<object>();

        private JsonWriter()
        {
        }

        /// <exception cref="NotSupportedException">The value has no JSON form.</exception>
        public static string Text(object value)
        {
            var writer = new JsonWriter();
            writer.Write(value);
            return writer.text.ToString();
        }

        /// <summary>The text as a JSON string with its quotes.</summary>
        public static void Quote(StringBuilder to, string text)
        {
            to.Append('"');
            int from = 0;
            for (int i = 0; i < text.Length; i++)
            {
                char one = text[i];
                if (one >= ' ' && one != '"' && one != '\\')
                {
                    continue;
                }
                to.Append(text, from, i - from);
                from = i + 1;
                Escape(to, one);
            }
            to.Append(text, from, text.Length - from).Append('"');
        }

        private static void Escape(StringBuilder to, char one)
        {
            int known = "\"\\\n\r\t\b\f".IndexOf(one);
            if (known >= 0)
            {
                to.Append('\\').Append("\"\\nrtbf"[known]);
            }
            else
            {
                to.Append("\\u").Append(((int)one).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        private void Write(object value)
        {
            if (value == null)
            {
                text.Append("null");
            }
            else if (!WriteScalar(value))
            {
                WriteWhole(value);
            }
        }

        private bool WriteScalar(object value)
        {
            if (value is bool)
            {
                text.Append((bool)value ? "true" : "false");
            }
            else if (value is string || value is char || value is Guid || value is Uri || value is Enum)
            {
                Quote(text, value.ToString());
            }
            else if (value is byte[])
            {
                Quote(text, Convert.ToBase64String((byte[])value));
            }
            else if (value is DateTime || value is DateTimeOffset)
            {
                Quote(text, ((IFormattable)value).ToString("o", CultureInfo.InvariantCulture));
            }
            else if (value is TimeSpan)
            {
                Quote(text, value.ToString());
            }
            else if (value is double || value is float)
            {
                WriteFloat(((IFormattable)value).ToString("r", CultureInfo.InvariantCulture));
            }
            else if (value is IConvertible)
            {
                text.Append(((IConvertible)value).ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                return false;
            }
            return true;
        }

        private void WriteFloat(string number)
        {
            if (!char.IsDigit(number[number.Length - 1]))
            {
                throw new NotSupportedException(number + " has no JSON form");
            }
            text.Append(number);
        }

        private void WriteWhole(object value)
        {
            if (value is Delegate || value is Stream || value is Task || value is MemberInfo || value is IntPtr)
            {
                throw new NotSupportedException(value.GetType().FullName + " has no JSON form");
            }
            foreach (object one in above)
            {
                if (ReferenceEquals(one, value))
                {
                    throw new NotSupportedException("a cycle has no JSON form: " + value.GetType().FullName + " contains itself");
                }
            }
            if (above.Count == JsonReader.Depth)
            {
                throw new NotSupportedException("the result is nested more than " + JsonReader.Depth + " deep");
            }
            above.Add(value);
            if (value is IDictionary)
            {
                WriteMap((IDictionary)value);
            }
            else if (value is IEnumerable)
            {
                WriteList((IEnumerable)value);
            }
            else
            {
                WriteMembers(value);
            }
            above.RemoveAt(above.Count - 1);
        }

        private void WriteMap(IDictionary map)
        {
            char before = '{';
            foreach (DictionaryEntry entry in map)
            {
                before = WriteEntry(before, Convert.ToString(entry.Key, CultureInfo.InvariantCulture), entry.Value);
            }
            text.Append(before == '{' ? "{}" : "}");
        }

        private void WriteMembers(object value)
        {
            char before = '{';
            foreach (KeyValuePair<string, MemberInfo> member in JsonMembers.Of(value.GetType()).InOrder)
            {
                before = WriteEntry(before, member.Key, JsonMembers.Read(member.Value, value));
            }
            text.Append(before == '{' ? "{}" : "}");
        }

        private char WriteEntry(char before, string name, object value)
        {
            text.Append(before);
            Quote(text, name);
            text.Append(':');
            Write(value);
            return ',';
        }

        private void WriteList(IEnumerable list)
        {
            char before = '[';
            foreach (object one in list)
            {
                text.Append(before);
                before = ',';
                Write(one);
            }
            text.Append(before == '[' ? "[]" : "]");
        }
    }
}
