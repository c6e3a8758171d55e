using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Fungraph.Json
{
    /// <summary>
    /// Reads JSON into dictionaries, lists, strings, numbers (long, or double), booleans and null. Starts faster than the
    /// serializers of the class library, which not every version has.
    /// </summary>
    internal sealed class JsonReader
    {
        /// <summary>More would not fit on the stack of a thread.</summary>
        public const int Depth = 1000;

        private readonly string text;
        private int at;
        private int depth;

        private JsonReader(string text)
        {
            this.text = text;
        }

        /// <exception cref="FormatException">The text is no JSON.</exception>
        public static object Parse(string text)
        {
            var reader = new JsonReader(text);
            object value = reader.Value();
            reader.Blanks();
            if (reader.at < text.Length)
            {
                throw reader.Unexpected();
            }
            return value;
        }

        private object Value()
        {
            Blanks();
            switch (Peek())
            {
                case '{':
                    return Map();
                case '[':
                    return List();
                case '"':
                    return Text();
                case 't':
                    return Word("true", true);
                case 'f':
                    return Word("false", false);
                case 'n':
                    return Word("null", null);
                default:
                    return Number();
            }
        }

        private Dictionary<string, object> Map()
        {
            var map = new Dictionary<string, object>();
            Enter();
            if (!Ends('}'))
            {
                do
                {
                    Blanks();
                    string name = Text();
                    Blanks();
                    Take(':');
                    map[name] = Value();
                }
                while (Continues('}'));
            }
            depth--;
            return map;
        }

        private List<object> List()
        {
            var list = new List<object>();
            Enter();
            if (!Ends(']'))
            {
                do
                {
                    list.Add(Value());
                }
                while (Continues(']'));
            }
            depth--;
            return list;
        }

        private void Enter()
        {
            at++;
            if (++depth > Depth)
            {
                throw new FormatException("it is nested more than " + Depth + " deep");
            }
        }

        private bool Ends(char end)
        {
            Blanks();
            if (Peek() != end)
            {
                return false;
            }
            at++;
            return true;
        }

        private bool Continues(char end)
        {
            if (Ends(end))
            {
                return false;
            }
            Take(',');
            return true;
        }

        private string Text()
        {
            Take('"');
            int from = at;
            while (at < text.Length && text[at] != '"' && text[at] != '\\' && text[at] >= ' ')
            {
                at++;
            }
            if (Peek() == '"')
            {
                return text.Substring(from, at++ - from);
            }
            var parts = new StringBuilder(text, from, at - from, Math.Max(16, 2 * (at - from)));
            while (Peek() != '"')
            {
                parts.Append(Character());
            }
            at++;
            return parts.ToString();
        }

        private char Character()
        {
            char next = Peek();
            if (next < ' ')
            {
                throw Unexpected();
            }
            at++;
            return next == '\\' ? Escaped() : next;
        }

        private char Escaped()
        {
            char kind = Peek();
            at++;
            switch (kind)
            {
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 't':
                    return '\t';
                case '"':
                case '\\':
                case '/':
                    return kind;
                case 'u':
                    return Code();
            }
            at--;
            throw Unexpected();
        }

        private char Code()
        {
            int code;
            string digits = at + 4 <= text.Length ? text.Substring(at, 4) : "";
            if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code))
            {
                throw Unexpected();
            }
            at += 4;
            return (char)code;
        }

        private object Number()
        {
            int from = at;
            Skip('-');
            int whole = at;
            Digits();
            if (at - whole > 1 && text[whole] == '0')
            {
                at = whole + 1;
                throw Unexpected();
            }
            int wholeEnd = at;
            if (Skip('.'))
            {
                Digits();
            }
            if (Skip('e') || Skip('E'))
            {
                if (!Skip('+'))
                {
                    Skip('-');
                }
                Digits();
            }
            string number = text.Substring(from, at - from);
            long integer;
            if (at == wholeEnd && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer))
            {
                return integer;
            }
            return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        private void Digits()
        {
            int from = at;
            while (at < text.Length && text[at] >= '0' && text[at] <= '9')
            {
                at++;
            }
            if (at == from)
            {
                throw Unexpected();
            }
        }

        private object Word(string word, object value)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
            {
                throw Unexpected();
            }
            at += word.Length;
            return value;
        }

        private bool Skip(char wanted)
        {
            if (at >= text.Length || text[at] != wanted)
            {
                return false;
            }
            at++;
            return true;
        }

        private void Take(char wanted)
        {
            if (!Skip(wanted))
            {
                throw Unexpected();
            }
        }

        private char Peek()
        {
            if (at >= text.Length)
            {
                throw Unexpected();
            }
            return text[at];
        }

        private void Blanks()
        {
            while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
            {
                at++;
            }
        }

        private FormatException Unexpected()
        {
            return new FormatException(at < text.Length ? "unexpected '" + text[at] + "' at " + at : "it ends too early");
        }
    }
}
