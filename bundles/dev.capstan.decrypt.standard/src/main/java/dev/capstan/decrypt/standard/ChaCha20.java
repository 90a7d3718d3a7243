package dev.capstan.decrypt.standard;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** ChaCha20: blocks are numbered, and there are as many as 32 bits can count. */
final class ChaCha20 extends StreamCipher {
    private static final long MOST_BLOCKS = 1L << 32;

    private final SecretKey key;
    private final byte[] nonce;
    private final long first;

    ChaCha20(byte[] key, byte[] nonce, long first) {
        super(64, MOST_BLOCKS - first);
        this.key = new SecretKeySpec(key, "ChaCha20");
        this.nonce = nonce;
        this.first = first;
    }

    @Override
    Cipher at(long block) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("ChaCha20");
        var place = new ChaCha20ParameterSpec(nonce, (int) (first + block));
        cipher.init(Cipher.DECRYPT_MODE, key, place);
        return cipher;
    }
}
