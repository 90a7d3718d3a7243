package dev.capstan.decrypt.standard;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in counter mode: the counter of any block is the first one plus the block's number. */
final class AesCtr extends StreamCipher {
    private static final int BLOCK = 16;

    private final SecretKey key;
    private final BigInteger first;

    AesCtr(byte[] key, byte[] first) {
        super(BLOCK, Long.MAX_VALUE / BLOCK);
        this.key = new SecretKeySpec(key, "AES");
        this.first = new BigInteger(1, first);
    }

    @Override
    Cipher at(long block) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(counter(block)));
        return cipher;
    }

    /** Counts around after the last one, as the mode does. */
    private byte[] counter(long block) {
        var sum = first.add(BigInteger.valueOf(block)).toByteArray();
        var counter = new byte[BLOCK];
        var kept = Math.min(BLOCK, sum.length);
        System.arraycopy(sum, sum.length - kept, counter, BLOCK - kept, kept);
        return counter;
    }
}
