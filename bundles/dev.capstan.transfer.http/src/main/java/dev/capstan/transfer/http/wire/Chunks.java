package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.util.List;
import org.apache.hc.core5.http.Header;

/**
 * The framing of a chunked body (RFC 9112 §7.1). It reads what stands between the chunks; their
 * bytes are taken by whoever asks. Used by one thread.
 */
final class Chunks {
    private static final int MOST_DIGITS = 16;
    private static final int MOST_EXTENSION = 1 << 10;
    private static final String TOO_LONG = "a chunk extension of more than 1 KiB";
    private static final int MOST_TRAILERS = 8 << 10;

    private final Lines lines;
    private boolean begun;
    private long left;
    private boolean ended;
    private List<Header> trailers = List.of();

    Chunks(Lines lines) {
        this.lines = lines;
    }

    /**
     * How many bytes of body come next.
     *
     * @return 0 at the end
     * @throws BadMessage if it is not framed as it should be
     */
    long left() throws IOException {
        if (left > 0 || ended) {
            return left;
        }
        if (begun) {
            lines.next(0, "a chunk that is longer than it says");
        }
        begun = true;
        left = size(lines.next(MOST_DIGITS + MOST_EXTENSION, TOO_LONG));
        if (left == 0) {
            trailers = Fields.read(lines, MOST_TRAILERS, "a trailer section");
            ended = true;
        }
        return left;
    }

    /** So many of them were taken. */
    void took(int bytes) {
        left -= bytes;
    }

    /** The fields behind the last chunk. */
    List<Header> trailers() {
        return trailers;
    }

    private static long size(String line) throws BadMessage {
        var digits = 0;
        while (digits < line.length() && Character.digit(line.charAt(digits), 16) >= 0) {
            digits++;
        }
        var extension = line.substring(digits);
        if (digits == 0
                || digits > MOST_DIGITS
                || !(extension.isBlank() || isExtension(extension))) {
            throw new BadMessage("a chunk size that is no number");
        }
        if (extension.length() > MOST_EXTENSION) {
            throw new BadMessage(TOO_LONG);
        }
        var size = Long.parseUnsignedLong(line, 0, digits, 16);
        if (size < 0) {
            throw new BadMessage("a chunk of more than 2^63 bytes");
        }
        return size;
    }

    private static boolean isExtension(String text) {
        return text.stripLeading().startsWith(";");
    }
}
