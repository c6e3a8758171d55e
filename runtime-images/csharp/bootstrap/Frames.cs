using System;

namespace Fungraph.Runtime
{
    /// <summary>The runtime protocol's frames (../../PROTOCOL.md), seen from the instance.</summary>
    internal static class Frames
    {
        public const byte Hello = 1;
        public const byte Load = 2;
        public const byte Loaded = 3;
        public const byte Init = 4;
        public const byte Initialized = 5;
        public const byte Invoke = 6;
        public const byte Result = 7;
        public const byte Error = 8;
        public const byte Log = 9;
        public const byte Heartbeat = 10;
        public const byte Alive = 11;
        public const byte Stop = 12;
        public const byte Stopped = 13;

        public const int HeaderBytes = 12;
        public const int MaxBytes = (6 * 1024 * 1024) + (64 * 1024);

        private static readonly byte[] Nothing = new byte[0];

        public static byte[] Plain(byte type)
        {
            return Plain(type, Nothing);
        }

        public static byte[] Plain(byte type, byte[] payload)
        {
            return Frame(type, 0, 0, new ArraySegment<byte>(payload));
        }

        public static byte[] OfResult(int call, int micros, int memoryKib, ArraySegment<byte> payload)
        {
            byte[] frame = Frame(Result, call, 8, payload);
            Put(frame, HeaderBytes, micros);
            Put(frame, HeaderBytes + 4, memoryKib);
            return frame;
        }

        public static byte[] OfError(int call, int micros, int memoryKib, Failure failure)
        {
            byte[] frame = Frame(Error, call, 10, new ArraySegment<byte>(failure.Body));
            Put(frame, HeaderBytes, micros);
            Put(frame, HeaderBytes + 4, memoryKib);
            frame[HeaderBytes + 8] = (byte)failure.Code;
            frame[HeaderBytes + 9] = (byte)(failure.Code >> 8);
            return frame;
        }

        public static byte[] OfLog(int call, byte level, ArraySegment<byte> text)
        {
            byte[] frame = Frame(Log, call, 1, text);
            frame[HeaderBytes] = level;
            return frame;
        }

        public static int Number(byte[] from, int at)
        {
            return from[at] | (from[at + 1] << 8) | (from[at + 2] << 16) | (from[at + 3] << 24);
        }

        private static byte[] Frame(byte type, int call, int headLength, ArraySegment<byte> payload)
        {
            int length = headLength + payload.Count;
            var frame = new byte[HeaderBytes + length];
            Put(frame, 0, length);
            frame[4] = type;
            frame[6] = (byte)headLength;
            Put(frame, 8, call);
            Buffer.BlockCopy(payload.Array, payload.Offset, frame, HeaderBytes + headLength, payload.Count);
            return frame;
        }

        private static void Put(byte[] to, int at, int value)
        {
            to[at] = (byte)value;
            to[at + 1] = (byte)(value >> 8);
            to[at + 2] = (byte)(value >> 16);
            to[at + 3] = (byte)(value >> 24);
        }
    }
}
