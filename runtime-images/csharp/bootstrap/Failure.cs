using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text;
using Fungraph.Json;

namespace Fungraph.Runtime
{
    /// <summary>Inner code and body of an ERROR frame, and the line for the function's log.</summary>
    internal sealed class Failure
    {
        private const int DiskFull = 4207;
        private const int MostMessage = 64 * 1024;
        private const int MostLines = 100;

        private Failure(Stage stage, string kind, string message, IReadOnlyList<string> trace)
        {
            if (message.Length > MostMessage)
            {
                message = message.Substring(0, MostMessage) + "…";
            }
            Code = stage.Code;
            Body = Encoding.UTF8.GetBytes(BodyOf(stage.Prefix + message, kind, trace));
            Log = HideFolder(kind + ": " + message + (trace.Count == 0 ? "" : "\n" + string.Join("\n", trace)));
        }

        public static string CodeRoot { get; set; }

        public int Code { get; private set; }

        public byte[] Body { get; }

        public string Log { get; }

        public static Failure Of(Stage stage, Exception error)
        {
            while (error is TargetInvocationException && error.InnerException != null)
            {
                error = error.InnerException;
            }
            var fault = error as FunctionFault;
            if (fault != null)
            {
                return new Failure(stage, fault.Kind, fault.Message, new string[0]);
            }
            var failure = new Failure(stage, error.GetType().FullName, error.Message, UserLines(error));
            if (IsDiskFull(error))
            {
                failure.Code = DiskFull;
            }
            return failure;
        }

        private static bool IsDiskFull(Exception error)
        {
            // .NET has the system's number as it is, Mono as Windows would say it; the sentence is the same.
            return error is IOException
                && ((error.HResult & 0xFFFF) == Native.NoSpace
                    || error.Message.IndexOf("no space left on device", StringComparison.OrdinalIgnoreCase) >= 0
                    || error.Message.StartsWith("Disk full", StringComparison.OrdinalIgnoreCase));
        }

        /// <summary>The stack from where it was thrown up to the last line of the user's code.</summary>
        private static List<string> UserLines(Exception error)
        {
            var lines = new List<string>();
            int user = 0;
            foreach (string line in (error.StackTrace ?? "").Split('\n'))
            {
                string trimmed = line.Trim();
                if (trimmed.StartsWith("at Fungraph.Runtime.", StringComparison.Ordinal))
                {
                    break;
                }
                if (trimmed.Length == 0 || trimmed.StartsWith("---", StringComparison.Ordinal))
                {
                    continue;
                }
                lines.Add(trimmed);
                bool between = trimmed.StartsWith("at System.", StringComparison.Ordinal)
                    || trimmed.StartsWith("at (wrapper", StringComparison.Ordinal);
                user = between ? user : lines.Count;
            }
            lines.RemoveRange(user, lines.Count - user);
            int more = lines.Count - MostLines;
            if (more > 0)
            {
                // What recursion without an end leaves would fill the log.
                lines.RemoveRange(MostLines / 2, more);
                lines.Insert(MostLines / 2, "… " + more + " more");
            }
            return lines;
        }

        private static string BodyOf(string message, string kind, IReadOnlyList<string> trace)
        {
            var text = new StringBuilder("{\n    \"errorMessage\": ");
            JsonWriter.Quote(text, HideFolder(message));
            text.Append(",\n    \"errorType\": ");
            JsonWriter.Quote(text, kind);
            text.Append(",\n    \"stackTrace\": [");
            for (int i = 0; i < trace.Count; i++)
            {
                text.Append(i == 0 ? "\n        " : ",\n        ");
                JsonWriter.Quote(text, HideFolder(trace[i]));
            }
            return text.Append(trace.Count == 0 ? "]\n}" : "\n    ]\n}").ToString();
        }

        private static string HideFolder(string text)
        {
            return string.IsNullOrEmpty(CodeRoot) ? text : text.Replace(CodeRoot, ".");
        }

        /// <summary>Where a failure happens: its inner code and the beginning of its message.</summary>
        internal sealed class Stage
        {
            public static readonly Stage Load = new Stage(4001, "function entry exception, error: ");
            public static readonly Stage Invoke = new Stage(4002, "function invocation exception, error: ");
            public static readonly Stage TooLarge = new Stage(4004, "function result is invalid, error: ");
            public static readonly Stage Result = new Stage(4007, "function result is invalid, error: ");
            public static readonly Stage Init = new Stage(4009, "function initialization exception, error: ");

            private Stage(int code, string prefix)
            {
                Code = code;
                Prefix = prefix;
            }

            public int Code { get; }

            public string Prefix { get; }
        }
    }
}
