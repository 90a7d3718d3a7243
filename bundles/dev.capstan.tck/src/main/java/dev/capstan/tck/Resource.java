package dev.capstan.tck;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file as a good server has it (RFC 9110 §13, §14): length, entity tag, ranges, conditional
 * requests. Single virtues can be taken away. Set up by one thread before it is served, or replaced
 * whole with {@link Origin#serve}.
 */
public final class Resource implements Handler {
    static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Body body;
    private final List<String> fields = new ArrayList<>();
    private @Nullable String etag;
    private @Nullable Instant lastModified;
    private boolean ranges = true;
    private boolean ifRange = true;
    private boolean length = true;
    private boolean chunked;
    private long bytesPerSecond;

    private Resource(Body body) {
        this.body = body;
    }

    /**
     * A file with a strong entity tag.
     *
     * @param body its bytes
     * @return the file
     */
    public static Resource of(Body body) {
        return new Resource(body).etag("\"v1\"");
    }

    /**
     * Changes the entity tag.
     *
     * @param value with its quotes, or null for none
     * @return this
     */
    public Resource etag(@Nullable String value) {
        etag = value;
        return this;
    }

    /**
     * Tells a date of the last change.
     *
     * @param value the date
     * @return this
     */
    public Resource lastModified(Instant value) {
        lastModified = value;
        return this;
    }

    /**
     * Adds a field to every good answer.
     *
     * @param name field name
     * @param value field value
     * @return this
     */
    public Resource header(String name, String value) {
        fields.add(name + ": " + value);
        return this;
    }

    /**
     * Ignores Range: every answer is a 200 with the whole body.
     *
     * @return this
     */
    public Resource withoutRanges() {
        ranges = false;
        return this;
    }

    /**
     * Ignores If-Range: a 206 whatever the client knows.
     *
     * @return this
     */
    public Resource withoutIfRange() {
        ifRange = false;
        return this;
    }

    /**
     * Sends no length: the end of the connection ends the body. Ranges are ignored.
     *
     * @return this
     */
    public Resource withoutLength() {
        length = false;
        ranges = false;
        return this;
    }

    /**
     * Sends chunks. Ranges are ignored.
     *
     * @return this
     */
    public Resource chunked() {
        chunked = true;
        ranges = false;
        return this;
    }

    /**
     * Sends no faster on each connection.
     *
     * @param most bytes a second
     * @return this
     */
    public Resource pace(long most) {
        bytesPerSecond = most;
        return this;
    }

    /** Answers a GET or HEAD. */
    @Override
    public void handle(Exchange exchange) throws IOException {
        if (bytesPerSecond > 0) {
            exchange.pace(bytesPerSecond);
        }
        var head = new ArrayList<>(fields);
        head.add("Date: " + HTTP_DATE.format(Instant.now()));
        if (etag != null) {
            head.add("ETag: " + etag);
        }
        if (lastModified != null) {
            head.add("Last-Modified: " + HTTP_DATE.format(lastModified));
        }
        if (ranges) {
            head.add("Accept-Ranges: bytes");
        }
        if (isUnchanged(exchange)) {
            exchange.head(304, head.toArray(String[]::new));
            return;
        }
        var from = 0L;
        var to = body.length();
        var status = 200;
        if (ranges && exchange.header("range").isPresent() && mayServePart(exchange)) {
            from = exchange.from();
            to = exchange.last() >= body.length() ? body.length() : exchange.last() + 1;
            if (from < 0 || from >= to) {
                head.add("Content-Range: bytes */" + body.length());
                exchange.answer(416, "", head.toArray(String[]::new));
                return;
            }
            head.add("Content-Range: bytes " + from + "-" + (to - 1) + "/" + body.length());
            status = 206;
        }
        if (chunked) {
            head.add("Transfer-Encoding: chunked");
        } else if (length) {
            head.add("Content-Length: " + (to - from));
        } else {
            head.add("Connection: close");
        }
        exchange.head(status, head.toArray(String[]::new));
        if (exchange.method().equals("HEAD")) {
            return;
        }
        exchange.send(body, from, to);
        if (chunked) {
            exchange.endChunks();
        }
    }

    private boolean isUnchanged(Exchange exchange) {
        var known = exchange.header("if-none-match");
        if (known.isPresent()) {
            return etag != null && weak(known.get()).equals(weak(etag));
        }
        var since = exchange.header("if-modified-since");
        return since.isPresent()
                && lastModified != null
                && HTTP_DATE.format(lastModified).equals(since.get());
    }

    private boolean mayServePart(Exchange exchange) {
        var condition = exchange.header("if-range");
        if (!ifRange || condition.isEmpty()) {
            return true;
        }
        var value = condition.get();
        return value.endsWith("\"")
                ? value.equals(etag) && !value.startsWith("W/")
                : lastModified != null && HTTP_DATE.format(lastModified).equals(value);
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
