package dev.capstan.transfer.http.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A challenge of the Digest scheme and the answer to it (RFC 7616): SHA-512-256, SHA-256 and MD5,
 * each with or without a session, with {@code qop=auth} or, as old devices want it, without. It has
 * no answer to {@code auth-int} alone.
 *
 * <p>All text is handled one character for each byte, as fields arrive.
 */
record DigestOffer(
        String realm,
        String nonce,
        @Nullable String opaque,
        @Nullable String algorithm,
        boolean quality,
        boolean hashesUser,
        boolean stale) {
    // The best first
    private static final List<String> ALGORITHMS = List.of("SHA-512-256", "SHA-256", "MD5");
    private static final String SESSION = "-SESS";

    /** Reads a challenge; null if it is of another scheme or nothing we can answer. */
    static @Nullable DigestOffer of(Challenge challenge) {
        var realm = challenge.get("realm");
        var nonce = challenge.get("nonce");
        if (!challenge.scheme().equals("digest") || realm == null || nonce == null) {
            return null;
        }
        var qualities = challenge.get("qop");
        var quality = qualities != null && List.of(qualities.split("[,\\s]+")).contains("auth");
        var offer =
                new DigestOffer(
                        realm,
                        nonce,
                        challenge.get("opaque"),
                        challenge.get("algorithm"),
                        quality,
                        "true".equalsIgnoreCase(challenge.get("userhash")),
                        "true".equalsIgnoreCase(challenge.get("stale")));
        var isOpen = qualities == null || quality;
        return isOpen && ALGORITHMS.contains(offer.hash()) ? offer : null;
    }

    /** How good it is beside others, from 0 for the best. */
    int rank() {
        return ALGORITHMS.indexOf(hash());
    }

    /**
     * The value of the Authorization field.
     *
     * @param path the request's target
     * @param count of requests with this nonce, from 1
     * @param own a nonce of ours
     */
    String answer(Login login, String method, String path, int count, String own) {
        var user = bytes(login.user());
        var secret = hash(user + ":" + realm + ":" + bytes(login.password()));
        if (isSession()) {
            secret = hash(secret + ":" + nonce + ":" + own);
        }
        var counted = "%08x".formatted(count);
        var middle = quality ? nonce + ":" + counted + ":" + own + ":auth" : nonce;
        var response = hash(secret + ":" + middle + ":" + hash(method + ":" + path));
        var field = new StringBuilder("Digest ");
        if (hashesUser) {
            field.append("username=").append(quoted(hash(user + ":" + realm)));
        } else if (login.user().chars().allMatch(c -> c >= ' ' && c < 127)) {
            field.append("username=").append(quoted(user));
        } else {
            field.append("username*=UTF-8''").append(percent(user));
        }
        field.append(", realm=").append(quoted(realm)).append(", nonce=").append(quoted(nonce));
        field.append(", uri=").append(quoted(path)).append(", response=").append(quoted(response));
        if (algorithm != null) {
            field.append(", algorithm=").append(algorithm);
        }
        if (opaque != null) {
            field.append(", opaque=").append(quoted(opaque));
        }
        if (quality) {
            field.append(", qop=auth, nc=").append(counted);
        }
        if (quality || isSession()) {
            field.append(", cnonce=").append(quoted(own));
        }
        return hashesUser ? field.append(", userhash=true").toString() : field.toString();
    }

    private String hash() {
        var name = algorithm == null ? "MD5" : algorithm.toUpperCase(Locale.ROOT);
        return name.endsWith(SESSION) ? name.substring(0, name.length() - SESSION.length()) : name;
    }

    private boolean isSession() {
        return algorithm != null && algorithm.toUpperCase(Locale.ROOT).endsWith(SESSION);
    }

    private String hash(String text) {
        var name = hash().equals("SHA-512-256") ? "SHA-512/256" : hash();
        try {
            var digest = MessageDigest.getInstance(name);
            return HexFormat.of()
                    .formatHex(digest.digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime has no " + name, e);
        }
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String percent(String bytes) {
        var text = new StringBuilder();
        for (var c : bytes.toCharArray()) {
            if (c < 128 && Character.isLetterOrDigit(c)) {
                text.append(c);
            } else {
                text.append("%%%02X".formatted((int) c));
            }
        }
        return text.toString();
    }
}
