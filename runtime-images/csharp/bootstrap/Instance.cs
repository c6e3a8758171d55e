using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;

namespace Fungraph.Runtime
{
    /// <summary>The life of the instance: what each frame of the platform does.</summary>
    internal sealed class Instance
    {
        /// <summary>From this typical length of a handler on, finished results do not wait for the next handler.</summary>
        private const double SlowSeconds = 0.0002;
        /// <summary>Share of the newest handler in what is typical: one that was merely interrupted is soon forgotten.</summary>
        private const double Newest = 0.125;

        private readonly Link link;
        private Function function;
        private Workers workers;
        private double typical;
        private bool loading;

        public Instance(Link link)
        {
            this.link = link;
            Scope.Link = link;
        }

        /// <summary>Runs until the platform ends the link or says STOP.</summary>
        public void Serve(string token)
        {
            link.Send(Frames.Plain(Frames.Hello, Encoding.UTF8.GetBytes(Greeting(token))));
            AppDomain.CurrentDomain.ProcessExit += (sender, args) => Leave();
            AppDomain.CurrentDomain.UnhandledException += (sender, args) => Fail(args.ExceptionObject as Exception);
            var reader = new FrameReader(link);
            while (reader.Read())
            {
                Frame frame;
                while (reader.TryNext(out frame))
                {
                    Handle(frame);
                }
                link.Flush();
            }
            Native._exit(0);
        }

        private static string Greeting(string token)
        {
            return "{\"protocol\":1,\"token\":\"" + token + "\",\"runtime\":\"csharp\",\"version\":\"" + Environment.Version
                + "\",\"pid\":" + Native.getpid().ToString(CultureInfo.InvariantCulture) + "}";
        }

        private void Handle(Frame frame)
        {
            switch (frame.Type)
            {
                case Frames.Invoke:
                    Invoke(new Request(frame));
                    return;
                case Frames.Load:
                    Load(Encoding.UTF8.GetString(frame.Buffer, frame.Payload, frame.End - frame.Payload));
                    return;
                case Frames.Init:
                    Initialize();
                    return;
                case Frames.Heartbeat:
                    Heartbeat();
                    return;
                case Frames.Stop:
                    Stop((uint)Frames.Number(frame.Buffer, frame.Head) / 1000.0);
                    return;
            }
            throw new InvalidDataException("a frame of type " + frame.Type + " is not for an instance");
        }

        private void Invoke(Request request)
        {
            Scope.OfInstance.Renew();
            if (workers != null)
            {
                workers.Add(request);
                return;
            }
            // A finished result must not wait for a handler that may be long; where handlers are short, one write for many is faster.
            if (typical > SlowSeconds)
            {
                link.Flush();
            }
            Output.Only = request;
            double spent = request.Run(function);
            Output.Only = null;
            typical += (spent - typical) * Newest;
        }

        private void Load(string json)
        {
            try
            {
                loading = true;
                Output.Install();
                link.EndWithPlatform();
                var message = new LoadMessage(json);
                Prepare(message);
                function = new Function(message, new CodeFolder(message.CodeRoot));
                if (message.Concurrency > 1)
                {
                    workers = new Workers(function, message.Concurrency);
                }
                loading = false;
                link.Send(Frames.Plain(Frames.Loaded));
            }
            catch (Exception error)
            {
                Refuse(Failure.Stage.Load, error);
            }
        }

        private static void Prepare(LoadMessage message)
        {
            Failure.CodeRoot = message.CodeRoot;
            foreach (KeyValuePair<string, object> variable in message.Environment)
            {
                Environment.SetEnvironmentVariable(variable.Key, (string)variable.Value);
            }
            try
            {
                Directory.SetCurrentDirectory(Path.GetDirectoryName(message.CodeRoot));
            }
            catch (Exception error) when (error is UnauthorizedAccessException || error is IOException)
            {
                // The parent may be closed to the function's user; the code folder is not.
                Directory.SetCurrentDirectory(message.CodeRoot);
            }
        }

        private void Initialize()
        {
            try
            {
                function.Run(function.Loaded.Initializer, "initializer");
                link.Send(Frames.Plain(Frames.Initialized));
            }
            catch (Exception error)
            {
                Refuse(Failure.Stage.Init, error);
            }
        }

        private void Refuse(Failure.Stage stage, Exception error)
        {
            Failure failure = Failure.Of(stage, error);
            Scope.OfInstance.Log(Scope.Error, failure.Log);
            link.Send(Frames.OfError(0, 0, 0, failure));
        }

        private void Heartbeat()
        {
            // Before LOAD it comes to a spare instance, which has the time for what the first request would wait for.
            if (function == null && !loading)
            {
                Rehearse();
            }
            link.Send(Frames.Plain(Frames.Alive));
        }

        private void Rehearse()
        {
            try
            {
                Rehearsal.Run();
            }
            catch (Exception error)
            {
                // Only time is lost, but nobody would know why.
                Console.Error.WriteLine("the rehearsal failed: " + error);
            }
            Scope.Link = link;
        }

        /// <summary>What runs may end within the grace; then the pre-stop hook; then the process.</summary>
        private void Stop(double seconds)
        {
            double by = Clock.Now + seconds;
            var over = new Timer(state => End(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
            if (workers != null)
            {
                workers.Wait();
            }
            LoadMessage.Hook hook = function == null ? null : function.Loaded.PreStop;
            if (hook != null)
            {
                double left = Math.Max(0, Math.Min(by - Clock.Now, hook.Seconds));
                over.Change(TimeSpan.FromSeconds(left), Timeout.InfiniteTimeSpan);
                try
                {
                    function.Run(hook, "pre-stop");
                }
                catch (Exception error)
                {
                    Scope.OfInstance.Log(Scope.Error, Failure.Of(Failure.Stage.Invoke, error).Log);
                }
            }
            End();
        }

        private void End()
        {
            Scope.OfInstance.Finish();
            link.Send(Frames.Plain(Frames.Stopped));
            Native._exit(0);
        }

        /// <summary>The code has ended the process: results that are finished are written first.</summary>
        private void Leave()
        {
            Scope request = Output.Only;
            if (request != null)
            {
                request.Finish();
            }
            link.Flush();
        }

        /// <summary>An exception that nobody catches, on a thread of the code: it answers the request that it belongs to.</summary>
        private void Fail(Exception error)
        {
            Failure failure = Failure.Of(Failure.Stage.Invoke, error ?? new Exception("something that is no exception was thrown"));
            var request = Output.Unwound as Request;
            if (request != null)
            {
                request.Fail(failure);
            }
            else
            {
                Scope.OfInstance.Log(Scope.Error, failure.Log);
            }
            link.Flush();
            Native._exit(1);
        }
    }
}
