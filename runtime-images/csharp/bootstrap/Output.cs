using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Fungraph.Runtime
{
    /// <summary>Stands for Console.Out or Console.Error: gives what is printed to the request that printed it.</summary>
    internal sealed class Output : TextWriter
    {
        private static readonly AsyncLocal<Scope> Flowing = new AsyncLocal<Scope>(Remember);

        [ThreadStatic]
        private static Scope last;

        private readonly byte level;

        private Output(byte level)
        {
            this.level = level;
        }

        /// <summary>The request of an instance that runs one at a time, for what does not flow with it, such as timers made earlier.</summary>
        public static Scope Only { get; set; }

        /// <summary>The request that this code runs for, or the instance.</summary>
        public static Scope Current
        {
            get
            {
                Scope scope = Flowing.Value;
                if (scope == null || scope.Finished)
                {
                    scope = Only;
                }
                return scope == null || scope.Finished ? Scope.OfInstance : scope;
            }
        }

        /// <summary>The request that this thread ran for when an exception unwound it: that may have ended the flow.</summary>
        public static Scope Unwound
        {
            get { return last == null || last.Finished ? Current : last; }
        }

        public override Encoding Encoding
        {
            get { return Encoding.UTF8; }
        }

        public static void Install()
        {
            Console.SetOut(new Output(Scope.Info));
            Console.SetError(new Output(Scope.Error));
        }

        /// <summary>What this thread does from now on, and what it starts, is for that request.</summary>
        public static void Enter(Scope scope)
        {
            Flowing.Value = scope;
        }

        public override void Write(char value)
        {
            Current.Write(level, value.ToString());
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Current.Write(level, new string(buffer, index, count));
        }

        public override void Write(string value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                Current.Write(level, value);
            }
        }

        public override void WriteLine()
        {
            Current.Write(level, "\n");
        }

        public override void WriteLine(string value)
        {
            Current.Write(level, value + "\n");
        }

        private static void Remember(AsyncLocalValueChangedArgs<Scope> change)
        {
            last = change.CurrentValue ?? last;
        }
    }
}
