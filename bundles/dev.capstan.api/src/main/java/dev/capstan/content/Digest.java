package dev.capstan.content;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A checksum: an algorithm and its value. The text form is {@code sha-256=HEX}.
 *
 * @param algorithm lower-case name as in the IANA registry: {@code sha-256}, {@code sha-512},
 *     {@code sha}, {@code md5}
 * @param hex the value in lower-case hexadecimal
 */
public record Digest(String algorithm, String hex) {

    /** The algorithm content is named by. */
    public static final String SHA_256 = "sha-256";

    /** The algorithm of old etched records. */
    public static final String MD5 = "md5";

    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    private static final Map<String, Integer> BYTES =
            Map.of(SHA_256, 32, "sha-512", 64, "sha-384", 48, "sha", 20, MD5, 16);

    private static final Map<String, String> ALIASES =
            Map.of(
                    "sha256", SHA_256, "sha512", "sha-512", "sha384", "sha-384", "sha1", "sha",
                    "sha-1", "sha");

    /**
     * Creates a digest.
     *
     * @throws IllegalArgumentException if the algorithm is unknown or the value does not fit it
     */
    public Digest {
        algorithm = canonical(algorithm);
        hex = hex.toLowerCase(Locale.ROOT);
        var bytes = BYTES.get(algorithm);
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "Unknown digest algorithm \""
                            + algorithm
                            + "\"; known: sha-256, sha-512, sha-384,"
                            + " sha-1, md5");
        }
        if (hex.length() != bytes * 2 || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "A " + algorithm + " digest is " + bytes * 2 + " hexadecimal characters");
        }
    }

    /**
     * A SHA-256 digest.
     *
     * @param hex 64 hexadecimal characters
     * @return the digest
     */
    public static Digest sha256(String hex) {
        return new Digest(SHA_256, hex);
    }

    /**
     * A digest of raw bytes.
     *
     * @param algorithm its algorithm
     * @param value its bytes
     * @return the digest
     */
    public static Digest of(String algorithm, byte[] value) {
        return new Digest(algorithm, HexFormat.of().formatHex(value));
    }

    /**
     * Reads the text form.
     *
     * @param text {@code ALGORITHM=HEX}
     * @return the digest
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static Digest parse(String text) {
        var equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "A checksum is written ALGORITHM=HEX, for example" + " sha-256=9f86d0…");
        }
        return new Digest(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }

    /**
     * Tells whether an algorithm is known, under any of its names.
     *
     * @param algorithm a name in any case
     * @return whether a digest of it can be made
     */
    public static boolean knows(String algorithm) {
        return BYTES.containsKey(canonical(algorithm));
    }

    /**
     * The name the JDK knows the algorithm by.
     *
     * @return for {@link java.security.MessageDigest#getInstance(String)}
     */
    public String jdkName() {
        return algorithm.equals("sha") ? "SHA-1" : algorithm.toUpperCase(Locale.ROOT);
    }

    private static String canonical(String algorithm) {
        var lower = algorithm.toLowerCase(Locale.ROOT);
        return ALIASES.getOrDefault(lower, lower);
    }

    /** The text form. */
    @Override
    public String toString() {
        return algorithm + "=" + hex;
    }
}
