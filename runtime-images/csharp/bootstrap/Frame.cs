namespace Fungraph.Runtime
{
    /// <summary>One frame that came, in bytes that are its own or that it shares with its neighbours until the next read.</summary>
    internal struct Frame
    {
        public byte Type;
        public int Call;
        public byte[] Buffer;
        public int Head;
        public int Payload;
        public int End;
    }
}
