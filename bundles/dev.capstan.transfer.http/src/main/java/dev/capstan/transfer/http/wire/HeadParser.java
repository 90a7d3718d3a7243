package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/** Reads the head of an answer (RFC 9112 §4 and §5) within the limits of policy 6. */
final class HeadParser implements HttpMessageParser<ClassicHttpResponse> {
    private static final int MOST_STATUS_LINE = 8 << 10;
    private static final String TOO_LONG = "a status line of more than 8 KiB";
    private static final int MOST_FIELDS = 64 << 10;

    // Some servers send an empty line too many behind a body.
    private static final int MOST_EMPTY = 4;
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.([0-9]) ([1-9][0-9]{2})(?: (.*))?");

    /**
     * Reads a head; null if the connection ended before it began.
     *
     * @throws BadMessage if it is not HTTP/1
     * @throws ConnectionClosedException if it is cut off
     */
    @Override
    public @Nullable ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
            throws IOException {
        var lines = new Lines(buffer, in);
        var status = STATUS_LINE.matcher(statusLine(lines));
        if (!status.matches()) {
            if (!lines.isBegun()) {
                return null;
            }
            throw new BadMessage("no status line");
        }
        var response =
                new BasicClassicHttpResponse(Integer.parseInt(status.group(2)), status.group(3));
        response.setVersion(
                status.group(1).equals("0") ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);
        for (var field : Fields.read(lines, MOST_FIELDS, "a header")) {
            response.addHeader(field);
        }
        return response;
    }

    /** The first line that is not empty; empty at the end of the connection. */
    private static String statusLine(Lines lines) throws IOException {
        try {
            var line = lines.next(MOST_STATUS_LINE, TOO_LONG);
            for (var empty = 0; line.isEmpty() && empty < MOST_EMPTY; empty++) {
                line = lines.next(MOST_STATUS_LINE, TOO_LONG);
            }
            return line;
        } catch (ConnectionClosedException e) {
            if (lines.isBegun()) {
                throw e;
            }
            return "";
        }
    }
}
