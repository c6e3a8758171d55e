using System.Collections.Generic;
using Fungraph.Json;

namespace Fungraph.Runtime
{
    /// <summary>LOAD's payload.</summary>
    internal sealed class LoadMessage
    {
        private readonly Dictionary<string, object> all;
        private readonly Dictionary<string, object> function;
        private readonly Dictionary<string, object> credentials;
        private readonly Dictionary<string, object> userData;

        public LoadMessage(string json)
        {
            all = Map(JsonReader.Parse(json));
            function = Map(all["function"]);
            credentials = Map(all["credentials"]);
            userData = Map(all["userData"]);
            Initializer = HookOf("initializer");
            PreStop = HookOf("preStop");
        }

        public string CodeRoot
        {
            get { return (string)all["codeRoot"]; }
        }

        public string Handler
        {
            get { return (string)all["handler"]; }
        }

        public int Concurrency
        {
            get { return (int)(long)all["concurrency"]; }
        }

        public int MaxResponseBytes
        {
            get { return (int)(long)all["maxResponseBytes"]; }
        }

        public Dictionary<string, object> Environment
        {
            get { return Map(all["environment"]); }
        }

        /// <summary>Null when the function has none.</summary>
        public Hook Initializer { get; }

        /// <summary>Null when the function has none.</summary>
        public Hook PreStop { get; }

        public string FunctionText(string name)
        {
            return (string)function[name];
        }

        public int FunctionNumber(string name)
        {
            return (int)(long)function[name];
        }

        public string Credential(string name)
        {
            object value;
            return credentials.TryGetValue(name, out value) ? (string)value : "";
        }

        /// <summary>Null when the user has set no such variable.</summary>
        public string UserData(string key)
        {
            object value;
            return userData.TryGetValue(key, out value) ? (string)value : null;
        }

        private static Dictionary<string, object> Map(object value)
        {
            return (Dictionary<string, object>)value;
        }

        private Hook HookOf(string name)
        {
            object value;
            if (!all.TryGetValue(name, out value) || value == null)
            {
                return null;
            }
            Dictionary<string, object> hook = Map(value);
            return new Hook((string)hook["handler"], System.Convert.ToDouble(hook["timeoutSeconds"]));
        }

        internal sealed class Hook
        {
            public Hook(string handler, double seconds)
            {
                Handler = handler;
                Seconds = seconds;
            }

            public string Handler { get; }

            public double Seconds { get; }
        }
    }
}
