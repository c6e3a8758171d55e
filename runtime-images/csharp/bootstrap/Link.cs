using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Fungraph.Runtime
{
    /// <summary>The instance's end of the link: a blocking socket, frames collected for one write.</summary>
    internal sealed class Link
    {
        private readonly int descriptor;
        /// <summary>What holds the descriptor open, if anything does.</summary>
        private readonly IDisposable holder;
        private readonly object writing = new object();
        private List<byte[]> waiting = new List<byte[]>();
        private List<byte[]> written = new List<byte[]>();

        private Link(int descriptor, IDisposable holder)
        {
            this.descriptor = descriptor;
            this.holder = holder;
            // An inherited descriptor may be non-blocking, and children of the code must not inherit the link.
            Native.fcntl(descriptor, Native.SetStatusFlags, Native.ReadWrite);
            Native.fcntl(descriptor, Native.SetDescriptorFlags, Native.CloseOnExec);
        }

        /// <exception cref="IOException">Nobody is there.</exception>
        public static Link Open(string address)
        {
            string[] parts = address.Split(new[] { ':' }, 2);
            switch (parts[0])
            {
                case "fd":
                    return new Link(int.Parse(parts[1]), null);
                case "unix":
                    return new Link(OpenUnix(parts[1]), null);
                case "tcp":
                    return OpenTcp(parts[1]);
            }
            throw new ArgumentException("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got " + address);
        }

        /// <summary>A link that swallows what is sent.</summary>
        public static Link ToNowhere()
        {
            var nowhere = new FileStream("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
            return new Link((int)nowhere.SafeFileHandle.DangerousGetHandle(), nowhere);
        }

        /// <summary>Reads into the buffer from a place on; returns 0 when the platform is gone.</summary>
        public unsafe int Read(byte[] buffer, int at)
        {
            fixed (byte* first = &buffer[at])
            {
                int count;
                do
                {
                    count = (int)Native.read(descriptor, first, (IntPtr)(buffer.Length - at));
                }
                while (count < 0 && Marshal.GetLastWin32Error() == Native.Interrupted);
                return Math.Max(0, count);
            }
        }

        /// <summary>The frame waits for Flush; any thread may call.</summary>
        public void Add(byte[] frame)
        {
            lock (waiting)
            {
                waiting.Add(frame);
            }
        }

        public void Close()
        {
            holder.Dispose();
        }

        public void Send(byte[] frame)
        {
            Add(frame);
            Flush();
        }

        /// <summary>Writes what waits. Of many threads that come together, the first writes for all.</summary>
        public void Flush()
        {
            lock (writing)
            {
                while (true)
                {
                    List<byte[]> frames = Take();
                    if (frames.Count == 0)
                    {
                        return;
                    }
                    Write(frames.Count == 1 ? frames[0] : Join(frames));
                    frames.Clear();
                }
            }
        }

        /// <summary>Ends the process when the platform is gone, also while a handler runs.</summary>
        public void EndWithPlatform()
        {
            var watch = new Thread(Watch, 128 * 1024) { IsBackground = true, Name = "fungraph-link" };
            watch.Start();
        }

        private static int OpenUnix(string path)
        {
            byte[] name = Encoding.UTF8.GetBytes(path);
            var address = new byte[2 + name.Length + 1];
            address[0] = Native.Unix;
            Buffer.BlockCopy(name, 0, address, 2, name.Length);
            int descriptor = Native.socket(Native.Unix, Native.Stream, 0);
            if (Native.connect(descriptor, address, address.Length) != 0)
            {
                throw new IOException(path + " does not answer: error " + Marshal.GetLastWin32Error());
            }
            return descriptor;
        }

        // Apart, so that other links load nothing of sockets.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Link OpenTcp(string address)
        {
            int colon = address.LastIndexOf(':');
            string host = address.Substring(0, colon).Trim('[', ']');
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(host, int.Parse(address.Substring(colon + 1)));
            return new Link((int)socket.Handle, socket);
        }

        private static byte[] Join(List<byte[]> frames)
        {
            int size = 0;
            foreach (byte[] frame in frames)
            {
                size += frame.Length;
            }
            var joined = new byte[size];
            int at = 0;
            foreach (byte[] frame in frames)
            {
                Buffer.BlockCopy(frame, 0, joined, at, frame.Length);
                at += frame.Length;
            }
            return joined;
        }

        private List<byte[]> Take()
        {
            // The list that waits is the lock of those who add, so it stays; its frames go into the other one.
            lock (waiting)
            {
                written.AddRange(waiting);
                waiting.Clear();
                return written;
            }
        }

        private unsafe void Write(byte[] bytes)
        {
            fixed (byte* first = bytes)
            {
                for (int at = 0; at < bytes.Length;)
                {
                    int count = (int)Native.write(descriptor, first + at, (IntPtr)(bytes.Length - at));
                    if (count > 0)
                    {
                        at += count;
                    }
                    else if (Marshal.GetLastWin32Error() != Native.Interrupted)
                    {
                        Native._exit(0);
                    }
                }
            }
        }

        private void Watch()
        {
            // No events asked for: only a hang-up wakes it.
            var hangUp = new Native.Poll { Descriptor = descriptor };
            while (Native.poll(ref hangUp, (UIntPtr)1, -1) < 1)
            {
            }
            Native._exit(0);
        }
    }
}
