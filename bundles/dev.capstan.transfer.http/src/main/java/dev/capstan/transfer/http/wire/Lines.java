package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Reads the lines that heads, chunks and trailers are made of (RFC 9112 §2.2): they end with CRLF
 * or, as old servers write it, with LF alone. The library's own reader takes the end of the
 * connection for that of a line, so that a head cut in two would pass for a whole one.
 */
final class Lines {
    private final SessionInputBuffer buffer;
    private final InputStream in;
    private boolean begun;
    private int taken;

    Lines(SessionInputBuffer buffer, InputStream in) {
        this.buffer = buffer;
        this.in = in;
    }

    /**
     * Reads a line.
     *
     * @param most bytes without the line's end
     * @param tooLong what to say of a longer one
     * @return one character for each byte, without the line's end
     * @throws BadMessage if it is longer or holds NUL or CR
     * @throws ConnectionClosedException if the connection ends before the line does
     */
    String next(int most, String tooLong) throws IOException {
        var line = new StringBuilder(80);
        taken = 0;
        var afterCr = false;
        for (var next = read(); next != '\n'; next = read()) {
            if (afterCr || next == 0) {
                throw new BadMessage("a line with NUL or a lone CR");
            }
            if (next == '\r') {
                afterCr = true;
            } else if (line.length() == most) {
                throw new BadMessage(tooLong);
            } else {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Bytes that the last line took, with its end. */
    int taken() {
        return taken;
    }

    /** Whether any byte was read. */
    boolean isBegun() {
        return begun;
    }

    private int read() throws IOException {
        var next = buffer.read(in);
        if (next < 0) {
            throw new ConnectionClosedException("in the middle of a line");
        }
        begun = true;
        taken++;
        return next;
    }
}
