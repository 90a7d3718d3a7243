package dev.capstan.tck;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Bytes that are computed from their position, so that a body of any length costs no memory and any
 * part of it can be told from any other. Immutable, safe for any thread.
 */
public final class Body {
    private static final int BLOCK = 1 << 16;

    private final long length;
    private final long seed;
    private final byte[] fixed;

    private Body(long length, long seed, byte[] fixed) {
        this.length = length;
        this.seed = seed;
        this.fixed = fixed;
    }

    /**
     * A body that looks random.
     *
     * @param length bytes
     * @param seed bodies of different seeds differ nearly everywhere
     * @return the body
     */
    public static Body random(long length, long seed) {
        return new Body(length, seed, new byte[0]);
    }

    /**
     * A body of given bytes.
     *
     * @param bytes the bytes
     * @return the body
     */
    public static Body of(byte[] bytes) {
        return new Body(bytes.length, 0, bytes.clone());
    }

    /**
     * How long it is.
     *
     * @return bytes
     */
    public long length() {
        return length;
    }

    /**
     * Gives a part.
     *
     * @param from first byte
     * @param to first byte after
     * @return a new array
     */
    public byte[] bytes(long from, long to) {
        var part = new byte[Math.toIntExact(to - from)];
        fill(from, part, part.length);
        return part;
    }

    /**
     * Gives all of it.
     *
     * @return a new array
     */
    public byte[] bytes() {
        return bytes(0, length);
    }

    /**
     * Its SHA-256.
     *
     * @return 64 hexadecimal characters
     */
    public String sha256() {
        return HexFormat.of().formatHex(digest("SHA-256"));
    }

    /**
     * A digest of it.
     *
     * @param jdkName an algorithm as the JDK names it
     * @return the raw value
     */
    public byte[] digest(String jdkName) {
        try {
            var digest = MessageDigest.getInstance(jdkName);
            var block = new byte[BLOCK];
            for (var position = 0L; position < length; position += BLOCK) {
                var count = (int) Math.min(BLOCK, length - position);
                fill(position, block, count);
                digest.update(block, 0, count);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Puts the bytes that follow a position at the start of an array. */
    void fill(long position, byte[] target, int count) {
        if (position < 0 || position + count > length) {
            throw new IllegalArgumentException(
                    "The body has " + length + " bytes, not " + (position + count));
        }
        if (fixed.length > 0) {
            System.arraycopy(fixed, (int) position, target, 0, count);
            return;
        }
        var word = mix(seed + (position >>> 3));
        for (var i = 0; i < count; i++) {
            var at = position + i;
            if (i > 0 && (at & 7) == 0) {
                word = mix(seed + (at >>> 3));
            }
            target[i] = (byte) (word >>> ((at & 7) << 3));
        }
    }

    // The finalizer of SplittableRandom: neighbours in, unrelated words out.
    private static long mix(long value) {
        var z = value * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
