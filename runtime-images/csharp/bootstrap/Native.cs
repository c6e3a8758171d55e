using System;
using System.Runtime.InteropServices;

namespace Fungraph.Runtime
{
    /// <summary>Calls of the C library: every version of the class library can make them, and none can adopt a descriptor.</summary>
    internal static class Native
    {
        public const int Interrupted = 4;
        public const int NoSpace = 28;
        public const int SetDescriptorFlags = 2;
        public const int SetStatusFlags = 4;
        public const int CloseOnExec = 1;
        public const int ReadWrite = 2;
        public const int Unix = 1;
        public const int Stream = 1;

        [DllImport("libc", SetLastError = true)]
        public static extern unsafe IntPtr read(int descriptor, byte* buffer, IntPtr count);

        [DllImport("libc", SetLastError = true)]
        public static extern unsafe IntPtr write(int descriptor, byte* buffer, IntPtr count);

        [DllImport("libc", SetLastError = true)]
        public static extern int fcntl(int descriptor, int command, int value);

        [DllImport("libc", SetLastError = true)]
        public static extern int poll(ref Poll waiting, UIntPtr count, int timeout);

        [DllImport("libc", SetLastError = true)]
        public static extern int socket(int domain, int type, int protocol);

        [DllImport("libc", SetLastError = true)]
        public static extern int connect(int descriptor, byte[] address, int size);

        [DllImport("libc")]
        public static extern int getpid();

        /// <summary>Ends the process without asking anybody.</summary>
        [DllImport("libc")]
        public static extern void _exit(int status);

        [StructLayout(LayoutKind.Sequential)]
        public struct Poll
        {
            public int Descriptor;
            public short Events;
            public short Returned;
        }
    }
}
