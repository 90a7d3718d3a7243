package dev.capstan.decrypt.spi;

import dev.capstan.download.DownloadException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Undoes a cipher, positionally and without changing lengths. Registered as a service with the
 * property {@value #SCHEMES}. The staging file keeps wire bytes; readers decrypt as they read, and
 * commit writes plain bytes, so neither resume nor segments know of ciphers.
 *
 * <ul>
 *   <li><b>C1</b> {@link #open} does no network I/O and fails with DECRYPT where the key is not
 *       configured or malformed, before the first byte is fetched.
 *   <li><b>C2</b> Any aligned start and any cut into aligned calls gives the same bytes as one call
 *       over the whole.
 *   <li><b>C3</b> A transform is stateless between calls, safe for any number of threads, and of
 *       constant memory.
 *   <li><b>C4</b> No message names the key.
 * </ul>
 */
@ConsumerType
public interface Decryptor {

    /** Service property: the schemes it claims, String+. */
    String SCHEMES = "capstan.cipher.schemes";

    /**
     * Makes the transform of one content.
     *
     * @param spec a cipher of a claimed scheme
     * @return the transform
     * @throws DownloadException with DECRYPT if the key is absent or the parameters are wrong
     */
    Transform open(CipherSpec spec) throws DownloadException;

    /** A positional, length-preserving transform from wire to plain bytes. */
    @ConsumerType
    interface Transform {

        /**
         * The unit calls are cut by: every position is a multiple of it and every length too, but
         * that of the file's last call.
         *
         * @return bytes, at least 1; {@link Integer#MAX_VALUE} for a cipher that only goes from
         *     front to back, which is readable only after commit
         */
        int alignment();

        /**
         * Decrypts bytes in place.
         *
         * @param position where the buffer's bytes stand in the file, a multiple of {@link
         *     #alignment()}
         * @param bytes from its position to its limit; both are unchanged on return
         * @throws DownloadException with DECRYPT if the bytes cannot be right
         * @throws IllegalArgumentException if the position is off the alignment
         */
        void decrypt(long position, ByteBuffer bytes) throws DownloadException;
    }
}
