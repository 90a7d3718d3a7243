package dev.capstan.transfer.http.field;

import dev.capstan.content.Digest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Digests of the whole file in fields of an answer or its trailer: RFC 9530, the older fields, and
 * what well-known services send. Malformed and unknown ones are ignored: a promise that cannot be
 * read is none.
 */
public final class DigestFields {
    // Fields whose whole value is one digest: algorithm, and whether it is hexadecimal.
    private static final Map<String, Single> SINGLE =
            Map.of(
                    "content-md5", new Single("md5", false, true),
                    "x-amz-checksum-sha256", new Single("sha-256", false, false),
                    "x-amz-checksum-sha1", new Single("sha", false, false),
                    "x-ms-blob-content-md5", new Single("md5", false, false),
                    "x-checksum-sha256", new Single("sha-256", true, false),
                    "x-checksum-sha1", new Single("sha", true, false),
                    "x-checksum-md5", new Single("md5", true, false));

    private record Single(String algorithm, boolean hex, boolean ofContent) {}

    private DigestFields() {}

    /**
     * Reads the fields of an answer.
     *
     * @param fields values by lower-case name
     * @param whole whether the content is the whole file, so that digests of the content count
     */
    public static Set<Digest> parse(Map<String, List<String>> fields, boolean whole) {
        var found = new HashSet<Digest>();
        fields.forEach(
                (name, values) -> {
                    for (var value : values) {
                        read(name, value.strip(), whole, found);
                    }
                });
        return found;
    }

    private static void read(String name, String value, boolean whole, Set<Digest> found) {
        switch (name) {
            case "repr-digest" -> members(value, found);
            case "content-digest" -> {
                if (whole) {
                    members(value, found);
                }
            }
            case "digest", "x-goog-hash" -> members(value, found);
            default -> {
                var single = SINGLE.get(name);
                if (single != null && (whole || !single.ofContent)) {
                    add(single.algorithm, value, single.hex, found);
                }
            }
        }
    }

    // sha-256=:BASE64:, md5=BASE64
    private static void members(String value, Set<Digest> found) {
        for (var member : value.split(",", -1)) {
            var equals = member.indexOf('=');
            if (equals > 0) {
                var algorithm = member.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                var text = member.substring(equals + 1).split(";", 2)[0].strip();
                if (text.length() > 2 && text.startsWith(":") && text.endsWith(":")) {
                    text = text.substring(1, text.length() - 1);
                }
                add(algorithm, text, false, found);
            }
        }
    }

    private static void add(String algorithm, String text, boolean hex, Set<Digest> found) {
        if (!Digest.knows(algorithm)) {
            return;
        }
        var digest = hex ? ofHex(algorithm, text) : ofBase64(algorithm, text);
        if (digest != null) {
            found.add(digest);
        }
    }

    private static @Nullable Digest ofHex(String algorithm, String text) {
        try {
            return new Digest(algorithm, text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Digest ofBase64(String algorithm, String text) {
        try {
            return Digest.of(algorithm, Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
