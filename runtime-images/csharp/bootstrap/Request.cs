using System;
using System.Collections.Generic;
using System.Text;
using Fungraph.Json;

namespace Fungraph.Runtime
{
    /// <summary>One request from INVOKE to its RESULT or ERROR; what it prints belongs to it.</summary>
    internal sealed class Request : Scope
    {
        private readonly string id;
        private readonly double deadline;
        private readonly Dictionary<string, object> meta;
        private byte[] data;

        public Request(Frame frame)
            : base(frame.Call)
        {
            uint left = (uint)Frames.Number(frame.Buffer, frame.Head);
            int size = frame.Buffer[frame.Head + 4];
            int idEnd = frame.Head + 5 + size;
            id = Encoding.ASCII.GetString(frame.Buffer, frame.Head + 5, size);
            deadline = Clock.Now + (left / 1000.0);
            if (idEnd < frame.Payload)
            {
                string json = Encoding.UTF8.GetString(frame.Buffer, idEnd, frame.Payload - idEnd);
                meta = (Dictionary<string, object>)JsonReader.Parse(json);
            }
            data = new byte[frame.End - frame.Payload];
            Buffer.BlockCopy(frame.Buffer, frame.Payload, data, 0, data.Length);
        }

        /// <summary>Runs the handler and adds RESULT or ERROR to the link; returns the seconds that it took.</summary>
        public double Run(Function function)
        {
            double began = Clock.Now;
            object result;
            try
            {
                object input = function.Form.Read(data);
                data = null;
                result = function.Handler.Call(input, new Context(function.Loaded, id, deadline, meta, this));
            }
            catch (Exception error)
            {
                return Fail(began, Failure.Of(Failure.Stage.Invoke, error));
            }
            ArraySegment<byte> payload;
            try
            {
                payload = function.Form.Write(result);
            }
            catch (Exception error)
            {
                return Fail(began, Failure.Of(Failure.Stage.Result, error));
            }
            int most = function.Loaded.MaxResponseBytes;
            if (payload.Count > most)
            {
                string message = "response body size " + payload.Count + " exceeds the limit of " + most;
                return Fail(began, Failure.Of(Failure.Stage.TooLarge, new FunctionFault("ResultTooLargeError", message)));
            }
            Finish();
            double now = Clock.Now;
            Link.Add(Frames.OfResult(Call, Micros(now - began), Clock.ResidentKib(now), payload));
            return now - began;
        }

        /// <summary>Answers for a request whose code has ended the process.</summary>
        public void Fail(Failure failure)
        {
            Fail(Clock.Now, failure);
        }

        private static int Micros(double seconds)
        {
            return (int)(seconds * 1000000);
        }

        private double Fail(double began, Failure failure)
        {
            Log(Error, Clock.IsoTime + " " + id + " ERROR " + failure.Log);
            Finish();
            double now = Clock.Now;
            Link.Add(Frames.OfError(Call, Micros(now - began), Clock.ResidentKib(now), failure));
            return now - began;
        }
    }
}
