package dev.capstan.decrypt.spi;

import java.util.Map;

/**
 * Names a cipher and what it needs, without the key itself.
 *
 * @param scheme the cipher, for example {@code AES_CTR}; a {@link Decryptor} claims it
 * @param parameters what is public: ids, initial vectors
 * @param keyReference where the decryptor finds the key: {@code PID:PROPERTY}
 */
public record CipherSpec(String scheme, Map<String, String> parameters, String keyReference) {

    /** Creates a spec; parameters are copied. */
    public CipherSpec {
        parameters = Map.copyOf(parameters);
    }
}
