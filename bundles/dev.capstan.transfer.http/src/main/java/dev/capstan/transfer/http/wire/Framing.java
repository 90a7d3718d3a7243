package dev.capstan.transfer.http.wire;

import dev.capstan.transfer.http.field.Head;
import org.apache.hc.core5.http.ProtocolException;

/**
 * How the end of a body is known (RFC 9112 §6). Stricter than the library, which believes the last
 * of several fields and takes a length with a sign.
 *
 * @param kind what marks the end
 * @param length bytes, for {@link Kind#LENGTH}
 */
public record Framing(Kind kind, long length) {

    /** What marks the end of a body. */
    public enum Kind {
        /** A number of bytes. */
        LENGTH,
        /** The last chunk. */
        CHUNKED,
        /** The end of the connection. */
        CLOSE
    }

    /**
     * Reads the fields that frame.
     *
     * @param method of the request
     * @throws ProtocolException if they contradict each other or cannot be trusted
     */
    static Framing of(String method, Head head) throws ProtocolException {
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return new Framing(Kind.LENGTH, 0);
        }
        var codings = head.all("transfer-encoding");
        var lengths = head.all("content-length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty() || head.http10()) {
                throw new ProtocolException("Transfer-Encoding beside another framing");
            }
            if (codings.size() > 1 || !codings.get(0).strip().equalsIgnoreCase("chunked")) {
                throw new ProtocolException("a transfer coding other than chunked");
            }
            return new Framing(Kind.CHUNKED, -1);
        }
        if (lengths.isEmpty()) {
            return new Framing(Kind.CLOSE, -1);
        }
        var length = -1L;
        for (var field : lengths) {
            for (var value : field.split(",", -1)) {
                var next = number(value.strip());
                if (length >= 0 && next != length) {
                    throw new ProtocolException("several different lengths");
                }
                length = next;
            }
        }
        return new Framing(Kind.LENGTH, length);
    }

    private static long number(String text) throws ProtocolException {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // Beyond 2^63: refused below like everything that is no length.
            }
        }
        throw new ProtocolException("a length that is no number");
    }
}
