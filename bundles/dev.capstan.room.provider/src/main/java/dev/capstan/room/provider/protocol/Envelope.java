package dev.capstan.room.provider.protocol;

import dev.capstan.room.provider.document.Keys;
import dev.capstan.room.provider.document.Sha256;
import dev.capstan.room.spi.RoomTransport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One frame (R9).
 *
 * <pre>
 * offset  bytes  what
 *      0     64  Ed25519 signature of the domain prefix and all that follows
 *     64      2  length n of the header, unsigned, the high byte first
 *     66      n  header: a JSON object in UTF-8
 *   66+n      …  content; what it is depends on the header's type
 * </pre>
 *
 * @param header what it says of itself
 * @param content what follows the header
 * @param frame all of it
 */
record Envelope(Header header, byte[] content, byte[] frame) {
    /** Nothing else that is ever signed with these keys begins so; the number is the version. */
    private static final byte[] DOMAIN =
            "capstan-room-frame/1\n".getBytes(StandardCharsets.US_ASCII);

    private static final int LENGTH_BYTES = 2;
    private static final int BODY = Keys.SIGNATURE_BYTES + LENGTH_BYTES;

    /** Makes a frame. */
    static byte[] seal(PrivateKey key, Header header, byte[] content) {
        var head = header.bytes();
        if (head.length > Header.MAX_BYTES
                || BODY + head.length + content.length > RoomTransport.MAX_FRAME) {
            throw new IllegalArgumentException(
                    "A message of type " + header.type() + " is too long");
        }
        var frame =
                ByteBuffer.allocate(BODY + head.length + content.length)
                        .position(Keys.SIGNATURE_BYTES)
                        .putShort((short) head.length)
                        .put(head)
                        .put(content)
                        .array();
        return ByteBuffer.wrap(frame).put(Keys.sign(signed(frame), key)).array();
    }

    /** Reads a copy of a frame, without a look at its signature. */
    static Envelope of(byte[] given) throws MalformedException {
        if (given.length < BODY || given.length > RoomTransport.MAX_FRAME) {
            throw new MalformedException("A frame has " + given.length + " bytes");
        }
        // A transport may use its buffer again; what is believed is what was checked.
        var frame = given.clone();
        var length = Short.toUnsignedInt(ByteBuffer.wrap(frame).getShort(Keys.SIGNATURE_BYTES));
        if (BODY + length > frame.length) {
            throw new MalformedException("A header is longer than its frame");
        }
        return new Envelope(
                Header.of(Arrays.copyOfRange(frame, BODY, BODY + length)),
                Arrays.copyOfRange(frame, BODY + length, frame.length),
                frame);
    }

    /** The SHA-256 of a whole frame, signature and all. */
    static String digest(byte[] frame) {
        return HexFormat.of().formatHex(Sha256.begun().digest(frame));
    }

    boolean isSignedBy(PublicKey key) {
        return Keys.isSigned(signed(frame), Arrays.copyOf(frame, Keys.SIGNATURE_BYTES), key);
    }

    private static byte[] signed(byte[] frame) {
        var body = frame.length - Keys.SIGNATURE_BYTES;
        return ByteBuffer.allocate(DOMAIN.length + body)
                .put(DOMAIN)
                .put(frame, Keys.SIGNATURE_BYTES, body)
                .array();
    }
}
