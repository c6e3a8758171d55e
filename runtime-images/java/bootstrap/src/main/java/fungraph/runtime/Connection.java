package fungraph.runtime;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/** The bytes of the link in both directions; one thread may read while another writes. */
abstract class Connection {
  /** Nobody reads it; while it is here nothing closes it. */
  @SuppressWarnings("unused")
  private static SocketChannel open;

  /** Reads at least one byte; negative at the end. */
  abstract int read(byte[] buffer, int from, int most) throws IOException;

  abstract void write(byte[] buffer, int from, int length) throws IOException;

  /**
   * Opens what FUNGRAPH_LINK names.
   *
   * @throws IOException when nothing listens there, or this Java cannot reach it
   */
  static Connection open(String address) throws IOException {
    String rest = address.substring(address.indexOf(':') + 1);
    if (address.startsWith("fd:")) {
      FileDescriptor descriptor = descriptor(Integer.parseInt(rest));
      return new Streams(new FileInputStream(descriptor), new FileOutputStream(descriptor));
    }
    if (address.startsWith("unix:")) {
      return unix(SocketChannel.open(unixAddress(rest)));
    }
    if (address.startsWith("tcp:")) {
      int colon = rest.lastIndexOf(':');
      String host = rest.substring(0, colon).replace("[", "").replace("]", "");
      int port = Integer.parseInt(rest.substring(colon + 1));
      Socket socket = new Socket(InetAddress.getByName(host), port);
      socket.setTcpNoDelay(true);
      return new Streams(socket.getInputStream(), socket.getOutputStream());
    }
    throw new IOException("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got " + address);
  }

  /** Java has no public way to an inherited descriptor, and none to open a socket through /proc. */
  private static FileDescriptor descriptor(int number) throws IOException {
    try {
      FileDescriptor descriptor = new FileDescriptor();
      Inside.setInt(descriptor, FileDescriptor.class, "fd", number);
      return descriptor;
    } catch (ReflectiveOperationException fault) {
      throw new IOException("this Java gives no way to descriptor " + number, fault);
    }
  }

  /** Not through the channel itself: an interrupt of a thread that prints would close it. */
  private static Connection unix(SocketChannel channel) throws IOException {
    try {
      FileDescriptor descriptor = (FileDescriptor) Inside.get(channel, channel.getClass(), "fd");
      open = channel;
      return new Streams(new FileInputStream(descriptor), new FileOutputStream(descriptor));
    } catch (ReflectiveOperationException fault) {
      throw new IOException("this Java gives no way to the descriptor of a channel", fault);
    }
  }

  private static SocketAddress unixAddress(String path) throws IOException {
    try {
      Class<?> address = Class.forName("java.net.UnixDomainSocketAddress");
      return (SocketAddress) address.getMethod("of", String.class).invoke(null, path);
    } catch (ReflectiveOperationException fault) {
      throw new IOException("unix: takes Java 16 or newer; give fd: or tcp:", fault);
    }
  }

  private static final class Streams extends Connection {
    private final InputStream in;
    private final OutputStream out;

    Streams(InputStream in, OutputStream out) {
      this.in = in;
      this.out = out;
    }

    @Override
    int read(byte[] buffer, int from, int most) throws IOException {
      return in.read(buffer, from, most);
    }

    @Override
    void write(byte[] buffer, int from, int length) throws IOException {
      out.write(buffer, from, length);
    }
  }
}
