package dev.capstan.itest.stranger;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/** The bytes of a file: a window on one block of noise, so that a thousand files need no memory. */
record Content(int offset, int size) {
    private static final int STEP = 4_099;
    private static final byte[] NOISE = new byte[16_000_000];

    static {
        new Random(20_260_101).nextBytes(NOISE);
    }

    /** Different numbers give different bytes at every place. */
    static Content of(int number, int size) {
        return new Content(number * STEP, size);
    }

    void write(OutputStream out, long from, long to) throws IOException {
        out.write(NOISE, offset + (int) from, (int) (to - from));
    }

    byte[] bytes() {
        return Arrays.copyOfRange(NOISE, offset, offset + size);
    }

    String sha256() {
        return HexFormat.of().formatHex(digest());
    }

    /** As a digest field of RFC 9530 has it. */
    String field() {
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest()) + ":";
    }

    private byte[] digest() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(NOISE, offset, size);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
