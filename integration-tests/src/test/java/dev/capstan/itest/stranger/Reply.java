package dev.capstan.itest.stranger;

import java.util.ArrayList;
import java.util.List;

/** An answer as RFC 9110 wants it, of which a case then spoils what it likes. Not changeable. */
record Reply(String line, List<String> fields, Content content, long from, long to) {
    static final String OK = "HTTP/1.1 200 OK";
    static final String PARTIAL = "HTTP/1.1 206 Partial Content";
    private static final String MODIFIED = "Thu, 01 Jan 2026 00:00:00 GMT";

    /** Conditions and ranges are minded. */
    static Reply to(Request request, Content content, String etag) {
        var whole = whole(content).with("ETag", etag).with("Last-Modified", MODIFIED);
        var range = request.header("Range").filter(value -> value.matches("bytes=\\d+-\\d*"));
        var condition = request.header("If-Range");
        if (range.isEmpty()
                || condition.filter(it -> !it.equals(etag) && !it.equals(MODIFIED)).isPresent()) {
            return whole;
        }
        var ends = range.get().substring("bytes=".length()).split("-");
        var from = Long.parseLong(ends[0]);
        var last = ends.length > 1 ? Long.parseLong(ends[1]) : Long.MAX_VALUE;
        var to = Math.min(last, content.size() - 1L) + 1;
        if (from >= content.size()) {
            return whole.status("HTTP/1.1 416 Range Not Satisfiable")
                    .with("Content-Range", "bytes */" + content.size())
                    .body(0, 0);
        }
        return whole.status(PARTIAL)
                .with("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, content.size()))
                .body(from, to);
    }

    static Reply whole(Content content) {
        return new Reply(OK, List.of("Accept-Ranges: bytes"), content, 0, 0)
                .body(0, content.size());
    }

    boolean isPartial() {
        return line.equals(PARTIAL);
    }

    Reply status(String another) {
        return new Reply(another, fields, content, from, to);
    }

    /** Other bytes of the file, and the length that says so. */
    Reply body(long start, long end) {
        return new Reply(line, fields, content, start, end)
                .with("Content-Length", Long.toString(end - start));
    }

    /** The same bytes of another version, under the same head. */
    Reply of(Content another) {
        return new Reply(line, fields, another, from, to);
    }

    Reply with(String name, String value) {
        return without(name).and(name, value);
    }

    /** One more field, beside those of the same name. */
    Reply and(String name, String value) {
        var more = new ArrayList<>(fields);
        more.add(name + ": " + value);
        return new Reply(line, more, content, from, to);
    }

    Reply without(String... names) {
        var less = new ArrayList<>(fields);
        for (var name : names) {
            less.removeIf(field -> field.toLowerCase().startsWith(name.toLowerCase() + ":"));
        }
        return new Reply(line, less, content, from, to);
    }

    String head() {
        return line + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }
}
