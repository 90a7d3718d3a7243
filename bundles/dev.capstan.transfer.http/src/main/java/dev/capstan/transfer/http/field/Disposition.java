package dev.capstan.transfer.http.field;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file name in Content-Disposition (RFC 6266): {@code filename*} (RFC 8187) before {@code
 * filename}, last path segment only. It is not made safe here (S3).
 */
public final class Disposition {
    private static final int MOST = 4096;
    private static final Pattern PARAMETER =
            Pattern.compile(
                    ";\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^;]*))");

    private Disposition() {}

    /** The name, or null if none is given. */
    public static @Nullable String fileName(@Nullable String value) {
        if (value == null || value.length() > MOST) {
            return null;
        }
        String plain = null;
        String extended = null;
        var matcher = PARAMETER.matcher(";" + value);
        while (matcher.find()) {
            var name = matcher.group(1).toLowerCase(Locale.ROOT);
            var quoted = matcher.group(2);
            var text = quoted != null ? quoted.replaceAll("\\\\(.)", "$1") : matcher.group(3);
            if (name.equals("filename") && plain == null) {
                plain = guessCharset(text.strip());
            } else if (name.equals("filename*") && extended == null) {
                extended = decode(text.strip());
            }
        }
        return lastSegment(extended != null ? extended : plain);
    }

    // charset'language'percent-encoded
    private static @Nullable String decode(String value) {
        var first = value.indexOf('\'');
        var second = value.indexOf('\'', first + 1);
        if (first < 1 || second < 0) {
            return null;
        }
        var bytes = new ByteArrayOutputStream();
        var text = value.substring(second + 1);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            var high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            var low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                return null;
            }
            bytes.write((high << 4) | low);
            i += 2;
        }
        try {
            var charset = Charset.forName(value.substring(0, first));
            return strict(bytes.toByteArray(), charset);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    // Fields arrive as ISO 8859-1, and what most servers write into them is UTF-8.
    private static String guessCharset(String latin1) {
        var utf8 = strict(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return utf8 == null ? latin1 : utf8;
    }

    private static @Nullable String strict(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable String lastSegment(@Nullable String name) {
        if (name == null) {
            return null;
        }
        var last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.isBlank() ? null : last;
    }
}
