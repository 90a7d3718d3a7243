package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** SHA-256, as digests are written in documents. */
public final class Sha256 {
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    private Sha256() {}

    /** Takes either case for what a document says, and gives the lower one. */
    static String checked(String text, Pointer at) throws RoomException {
        if (!HEX.matcher(text).matches()) {
            throw at.invalid("must be a SHA-256 of 64 hexadecimal digits");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** The digest of a text in UTF-8, in lower-case hexadecimal. */
    public static String hex(String text) {
        return HexFormat.of().formatHex(begun().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** One to be filled. */
    public static MessageDigest begun() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }
}
