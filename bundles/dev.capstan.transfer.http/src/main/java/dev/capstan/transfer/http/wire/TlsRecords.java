package dev.capstan.transfer.http.wire;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * The socket beneath TLS, which watches the records go by. The JDK takes the bare end of a
 * connection for an orderly one, so that whoever can cut a connection could shorten a body that
 * only its end delimits (RFC 9112 §9.8). The record headers are in the clear, and they tell: an
 * orderly end is a last record that is an alert, or that is as short as one and carried no data
 * (TLS 1.3 hides the type).
 *
 * <p>Read by the connection's thread only.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // the socket beneath has its own locks
final class TlsRecords extends Socket {
    private static final int HEADER = 5;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;

    // Level, description, hidden type, the tag of the cipher, and as much padding as peers use. A
    // session ticket, which carries no data either, is longer.
    private static final int HIDDEN_ALERT = 2 + 1 + 16 + 16;

    // What one look at the socket brings: the JDK asks for the head and the rest of each record.
    private static final int AHEAD = 64 << 10;
    private static final int LONGEST_RECORD = HEADER + (16 << 10) + 256;

    private final Socket socket;
    private @Nullable Ahead ahead;
    private final byte[] header = new byte[HEADER];
    private int inHeader;
    private int leftInRecord;
    private int type;
    private int length;
    private long records;
    private long recordsWithData;

    TlsRecords(Socket socket) {
        this.socket = socket;
    }

    /** Data came out of what was read last. */
    void delivered() {
        recordsWithData = records;
    }

    /** Whether another whole record is here, so that reading it does not wait. */
    boolean hasAnother() {
        return ahead != null && ahead.held() >= LONGEST_RECORD;
    }

    /** Whether the peer said that it ends here. */
    boolean isEndedInOrder() {
        var atBoundary = inHeader == 0 && leftInRecord == 0;
        var hidden =
                type == APPLICATION_DATA && length <= HIDDEN_ALERT && records > recordsWithData;
        return atBoundary && (type == ALERT || hidden);
    }

    private void passed(byte[] bytes, int from, int count) {
        for (var i = from; i < from + count; ) {
            if (leftInRecord > 0) {
                var step = Math.min(leftInRecord, from + count - i);
                leftInRecord -= step;
                i += step;
                records += leftInRecord == 0 ? 1 : 0;
            } else {
                header[inHeader++] = bytes[i++];
                if (inHeader == HEADER) {
                    inHeader = 0;
                    type = header[0];
                    length = ((header[3] & 255) << 8) | (header[4] & 255);
                    leftInRecord = length;
                }
            }
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        ahead = new Ahead(socket.getInputStream());
        return new FilterInputStream(ahead) {
            @Override
            public int read(byte[] target, int from, int count) throws IOException {
                var got = super.read(target, from, count);
                passed(target, from, Math.max(0, got));
                return got;
            }
        };
    }

    /** Reads ahead, and tells how far. */
    private static final class Ahead extends BufferedInputStream {
        Ahead(InputStream in) {
            super(in, AHEAD);
        }

        int held() {
            return count - pos;
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return socket.getOutputStream();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        socket.setSoTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public int getSoLinger() throws SocketException {
        return socket.getSoLinger();
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        socket.setSoLinger(on, linger);
    }
}
