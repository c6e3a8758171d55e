using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Fungraph.Runtime
{
    /// <summary>Seconds that only grow, and the process's memory.</summary>
    internal static class Clock
    {
        private const double SampleEvery = 0.25;
        private const int PageKib = 4;

        private static readonly byte[] Statm = new byte[128];
        private static double sampledAt = -1;
        private static int memoryKib;

        public static double Now
        {
            get { return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency; }
        }

        /// <summary>UTC with milliseconds, as 2026-01-31T08:00:00.123Z.</summary>
        public static string IsoTime
        {
            get { return DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture); }
        }

        /// <summary>Resident memory in KiB, read at most every 250 ms.</summary>
        public static int ResidentKib(double at)
        {
            lock (Statm)
            {
                if (at - sampledAt >= SampleEvery)
                {
                    memoryKib = ReadKib();
                    sampledAt = at;
                }
                return memoryKib;
            }
        }

        private static int ReadKib()
        {
            try
            {
                using (var file = new FileStream("/proc/self/statm", FileMode.Open, FileAccess.Read, FileShare.Read, 1))
                {
                    int size = file.Read(Statm, 0, Statm.Length);
                    int at = Array.IndexOf(Statm, (byte)' ') + 1;
                    int pages = 0;
                    for (; at < size && Statm[at] != ' '; at++)
                    {
                        pages = (pages * 10) + Statm[at] - '0';
                    }
                    return pages * PageKib;
                }
            }
            catch (IOException)
            {
                return (int)(Environment.WorkingSet / 1024);
            }
        }
    }
}
