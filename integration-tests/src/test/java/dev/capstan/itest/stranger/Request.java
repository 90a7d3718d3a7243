package dev.capstan.itest.stranger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A request's first line and its header lines. Requests of a downloader have no body. */
record Request(String line, List<String> fields) {

    /** Reads a request, or tells by {@code null} that none comes any more. */
    static Request read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        var text = "";
        while (!text.endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
            if (next == '\n') {
                text = head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        var lines = text.lines().filter(line -> !line.isEmpty()).toList();
        return new Request(lines.get(0), lines.subList(1, lines.size()));
    }

    boolean isHead() {
        return line.startsWith("HEAD ");
    }

    /** What is asked for, without the method and the version. */
    String target() {
        return line.split(" ")[1];
    }

    Optional<String> header(String name) {
        var start = name.toLowerCase() + ":";
        return fields.stream()
                .filter(field -> field.toLowerCase().startsWith(start))
                .map(field -> field.substring(start.length()).strip())
                .findFirst();
    }
}
