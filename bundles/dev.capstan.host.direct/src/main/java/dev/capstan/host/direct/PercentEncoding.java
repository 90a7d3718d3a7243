package dev.capstan.host.direct;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Percent-encoding by RFC 3986 §2.1. */
final class PercentEncoding {
    private static final String PATH = "-._~!$&'()*+,;=:@/";
    private static final String QUERY = PATH + "?[]";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /**
     * Encodes what a path may not hold; what is encoded already gets upper-case digits.
     *
     * @throws IllegalArgumentException if there is half a surrogate pair in it
     */
    static String path(String path) {
        return encode(path, PATH, true);
    }

    /**
     * Encodes what a query may not hold, and leaves all else to the letter.
     *
     * @throws IllegalArgumentException if there is half a surrogate pair in it
     */
    static String query(String query) {
        return encode(query, QUERY, false);
    }

    /** Decodes as UTF-8, or as Latin-1 what is none. Takes ASCII only. */
    static String decode(String encoded) {
        var bytes = new ByteArrayOutputStream(encoded.length());
        for (var i = 0; i < encoded.length(); i++) {
            if (isEncoded(encoded, i)) {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(encoded.charAt(i));
            }
        }
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return decoder.decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static String encode(String text, String allowed, boolean upperCase) {
        var encoded = new StringBuilder(text.length());
        for (var i = 0; i < text.length(); i++) {
            var c = text.codePointAt(i);
            if (isEncoded(text, i)) {
                var triplet = text.substring(i, i + 3);
                encoded.append(upperCase ? triplet.toUpperCase(Locale.ROOT) : triplet);
                i += 2;
            } else if (isLetterOrDigit(c) || allowed.indexOf(c) >= 0) {
                encoded.append((char) c);
            } else {
                appendEncoded(encoded, c);
                i += Character.charCount(c) - 1;
            }
        }
        return encoded.toString();
    }

    private static void appendEncoded(StringBuilder encoded, int c) {
        if (Character.getType(c) == Character.SURROGATE) {
            throw new IllegalArgumentException();
        }
        for (var b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            encoded.append('%').append(HEX.toHexDigits(b));
        }
    }

    private static boolean isEncoded(String text, int i) {
        return text.charAt(i) == '%'
                && i + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(i + 1))
                && HexFormat.isHexDigit(text.charAt(i + 2));
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
