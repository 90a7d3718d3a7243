package dev.capstan.room.tcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a maker says to everybody in the local network, in one datagram:
 *
 * <pre>
 *   offset  bytes  meaning
 *        0      4  "CPSB"
 *        4      1  version, 1
 *        5     32  SHA-256 of the room's address in UTF-8, as its file has it
 *       37      2  TCP port of the room on the machine the datagram came from, big-endian
 * </pre>
 *
 * <p>Who does not know the address learns nothing but that there is a room.
 *
 * @param port from 1
 */
record Beacon(byte[] address, int port) {
    /** The length of every beacon. */
    static final int LENGTH = 39;

    private static final byte[] MAGIC = {'C', 'P', 'S', 'B', 1};
    private static final int DIGEST = 32;

    /** What stands for an address. */
    static byte[] digest(String address) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(address.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a datagram; empty for whatever is no beacon. */
    static Optional<Beacon> of(ByteBuffer datagram) {
        if (datagram.remaining() != LENGTH) {
            return Optional.empty();
        }
        var magic = new byte[MAGIC.length];
        var digest = new byte[DIGEST];
        datagram.get(magic).get(digest);
        var port = Short.toUnsignedInt(datagram.getShort());
        return port == 0 || !Arrays.equals(magic, MAGIC)
                ? Optional.empty()
                : Optional.of(new Beacon(digest, port));
    }

    ByteBuffer datagram() {
        return ByteBuffer.allocate(LENGTH).put(MAGIC).put(address).putShort((short) port).flip();
    }

    boolean isOf(byte[] digest) {
        return Arrays.equals(address, digest);
    }
}
