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

    /**
     * Parameter of any scheme: the media type the plain bytes have, for example {@code audio/flac}.
     * Where it is known how such a file begins, one that begins otherwise ends with DECRYPT (D19).
     */
    public static final String MEDIA_TYPE = "media-type";

    /** Creates a spec; parameters are copied. */
    public CipherSpec {
        parameters = Map.copyOf(parameters);
    }
}
