namespace Fungraph.Runtime
{
    /// <summary>The loaded function: all that a request needs of it.</summary>
    internal sealed class Function
    {
        public Function(LoadMessage loaded, CodeFolder code)
        {
            Loaded = loaded;
            Code = code;
            Handler = Handler.Find(code, loaded.Handler, "handler");
            Form = new Form(Handler);
        }

        public LoadMessage Loaded { get; }

        public CodeFolder Code { get; }

        public Handler Handler { get; }

        public Form Form { get; }

        /// <summary>Runs an initializer or a pre-stop hook.</summary>
        public void Run(LoadMessage.Hook hook, string role)
        {
            Handler found = Handler.Find(Code, hook.Handler, role);
            found.Call(null, new Context(Loaded, role, Clock.Now + hook.Seconds, null, null));
        }
    }
}
