package dev.capstan.itest.stranger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Bytes as the coding {@code gzip} has them. */
final class Zip {
    private Zip() {}

    static byte[] of(Content content, long from, long to) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            content.write(zip, from, to);
        }
        return bytes.toByteArray();
    }
}
