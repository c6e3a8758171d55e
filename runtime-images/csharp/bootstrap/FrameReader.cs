using System;
using System.IO;

namespace Fungraph.Runtime
{
    /// <summary>Cuts the stream into frames; bytes of a frame that is not whole yet stay in the buffer.</summary>
    internal sealed class FrameReader
    {
        private const int Usual = 64 * 1024;

        private readonly Link link;
        private byte[] buffer = new byte[Usual];
        private int from;
        private int to;

        public FrameReader(Link link)
        {
            this.link = link;
        }

        /// <summary>The next frame of what has been read already.</summary>
        /// <exception cref="InvalidDataException">The stream is no sequence of frames.</exception>
        public bool TryNext(out Frame frame)
        {
            frame = default(Frame);
            if (to - from < Frames.HeaderBytes)
            {
                return false;
            }
            int length = Frames.Number(buffer, from);
            int headLength = buffer[from + 6] | (buffer[from + 7] << 8);
            if (length < headLength || length > Frames.MaxBytes)
            {
                throw new InvalidDataException("a frame breaks the rules of PROTOCOL.md");
            }
            int whole = Frames.HeaderBytes + length;
            if (to - from < whole)
            {
                Make(whole);
                return false;
            }
            frame.Type = buffer[from + 4];
            frame.Call = Frames.Number(buffer, from + 8);
            frame.Buffer = buffer;
            frame.Head = from + Frames.HeaderBytes;
            frame.Payload = frame.Head + headLength;
            frame.End = from + whole;
            from += whole;
            return true;
        }

        /// <summary>Waits for more bytes; false when the platform is gone.</summary>
        public bool Read()
        {
            if (from == to)
            {
                from = to = 0;
                if (buffer.Length > Usual)
                {
                    buffer = new byte[Usual];
                }
            }
            else if (buffer.Length - to < Frames.HeaderBytes)
            {
                Make(Usual);
            }
            int count = link.Read(buffer, to);
            to += count;
            return count > 0;
        }

        /// <summary>Makes room for so many bytes from the first that is kept.</summary>
        private void Make(int size)
        {
            if (buffer.Length - from >= size)
            {
                return;
            }
            byte[] roomy = size <= buffer.Length ? buffer : new byte[size + Usual];
            Buffer.BlockCopy(buffer, from, roomy, 0, to - from);
            buffer = roomy;
            to -= from;
            from = 0;
        }
    }
}
