package dev.capstan.admin.shell.demo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that needs no disk: each of its bytes follows from its position and a number drawn once,
 * so that no two demonstrations have the same file. Immutable.
 */
public final class DemoFile {
    /** What it is called. */
    public static final String NAME = "demo.bin";

    /** Its bytes. */
    public static final long SIZE = 24 << 20;

    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Reads from a position that is within the file, with all bytes wanted. */
    void read(long position, byte[] into, int length) {
        var word = ByteBuffer.allocate(Long.BYTES);
        for (int i = 0; i < length; i++) {
            var at = position + i;
            if (i == 0 || at % Long.BYTES == 0) {
                word.putLong(0, mixed(at / Long.BYTES));
            }
            into[i] = word.get((int) (at % Long.BYTES));
        }
    }

    /** The SHA-256 of the whole, in hexadecimal. */
    public String sha256() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var block = new byte[1 << 16];
            for (var position = 0L; position < SIZE; position += block.length) {
                read(position, block, block.length);
                sha256.update(block);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Scatters a counter over all 64 bits. */
    private long mixed(long counter) {
        var z = seed + counter * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
