using System;
using System.Globalization;
using System.Text;

namespace Fungraph.Runtime
{
    /// <summary>Log of one call: what it may still write, and the line it has begun. Any thread may write.</summary>
    internal class Scope
    {
        public const byte Info = 2;
        public const byte Warn = 3;
        public const byte Error = 4;

        private const int LineBytes = 90 * 1024;
        /// <summary>One call keeps 4 MiB of log; the last KiB is for the line that tells what was dropped.</summary>
        private const int KeptBytes = (4 * 1024 * 1024) - 1024;

        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false);

        private readonly object writing = new object();
        private readonly int call;
        private long kept;
        private long dropped;
        private StringBuilder begun;
        private byte begunLevel;

        protected Scope(int call)
        {
            this.call = call;
        }

        public static Scope OfInstance { get; } = new Scope(0);

        public static Link Link { get; set; }

        public bool Finished { get; private set; }

        protected int Call
        {
            get { return call; }
        }

        /// <summary>Writes one text of any length as LOG frames; they leave at once, so that a hanging request keeps its last line.</summary>
        public void Log(byte level, string text)
        {
            byte[] bytes = Utf8.GetBytes(text);
            lock (writing)
            {
                int at = 0;
                do
                {
                    int end = Cut(bytes, at);
                    kept += end - at;
                    if (kept <= KeptBytes)
                    {
                        Link.Send(Frames.OfLog(call, level, new ArraySegment<byte>(bytes, at, end - at)));
                    }
                    else
                    {
                        dropped += end - at;
                    }
                    at = end;
                }
                while (at < bytes.Length);
            }
        }

        /// <summary>Takes what a stream writes; a line goes out when its newline comes.</summary>
        public void Write(byte level, string text)
        {
            lock (writing)
            {
                int last = text.LastIndexOf('\n');
                if (last >= 0)
                {
                    string line = text.Substring(0, last);
                    Log(level, begun == null ? line : begun + line);
                    begun = null;
                }
                if (last == text.Length - 1)
                {
                    return;
                }
                begun = begun ?? new StringBuilder();
                begun.Append(text, last + 1, text.Length - last - 1);
                begunLevel = level;
                if (begun.Length > LineBytes)
                {
                    EndLine();
                }
            }
        }

        /// <summary>Ends the call's log; later output of its code belongs to the instance.</summary>
        public void Finish()
        {
            lock (writing)
            {
                EndLine();
                if (dropped > 0)
                {
                    string text = dropped.ToString(CultureInfo.InvariantCulture)
                        + " bytes of log were dropped: one invocation keeps 4194304 bytes";
                    Link.Send(Frames.OfLog(call, Warn, new ArraySegment<byte>(Utf8.GetBytes(text))));
                }
                Finished = true;
            }
        }

        /// <summary>The instance's log has the same limit as a call's, anew from each request on.</summary>
        public void Renew()
        {
            lock (writing)
            {
                if (kept > 0)
                {
                    Finish();
                    Finished = false;
                    kept = dropped = 0;
                }
            }
        }

        /// <summary>End of the piece that begins at a place, never inside a character.</summary>
        private static int Cut(byte[] bytes, int at)
        {
            int end = at + LineBytes;
            if (end >= bytes.Length)
            {
                return bytes.Length;
            }
            while (end > at + LineBytes - 4 && (bytes[end] & 0xC0) == 0x80)
            {
                end--;
            }
            return end;
        }

        private void EndLine()
        {
            if (begun != null)
            {
                string line = begun.ToString();
                begun = null;
                Log(begunLevel, line);
            }
        }
    }
}
