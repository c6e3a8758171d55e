package fungraph.runtime;

/** One frame that came from the platform: a view into the reader's buffer, valid until the next. */
final class Frame {
  static final int HELLO = 1;
  static final int LOAD = 2;
  static final int LOADED = 3;
  static final int INIT = 4;
  static final int INITIALIZED = 5;
  static final int INVOKE = 6;
  static final int RESULT = 7;
  static final int ERROR = 8;
  static final int LOG = 9;
  static final int HEARTBEAT = 10;
  static final int ALIVE = 11;
  static final int STOP = 12;
  static final int STOPPED = 13;

  static final int HEADER_BYTES = 12;
  static final int MAX_BYTES = (6 << 20) + (64 << 10);

  int type;
  int call;
  byte[] buffer;
  int head;
  int payload;
  int end;

  /** The little-endian u32 at a place of the buffer. */
  static int intAt(byte[] buffer, int at) {
    return buffer[at] & 0xff
        | (buffer[at + 1] & 0xff) << 8
        | (buffer[at + 2] & 0xff) << 16
        | (buffer[at + 3] & 0xff) << 24;
  }

  static int putInt(byte[] buffer, int at, int value) {
    buffer[at] = (byte) value;
    buffer[at + 1] = (byte) (value >> 8);
    buffer[at + 2] = (byte) (value >> 16);
    buffer[at + 3] = (byte) (value >> 24);
    return at + 4;
  }

  static int putShort(byte[] buffer, int at, int value) {
    buffer[at] = (byte) value;
    buffer[at + 1] = (byte) (value >> 8);
    return at + 2;
  }
}
