package dev.capstan.content.spi;

import dev.capstan.content.SourceKey;
import dev.capstan.decrypt.spi.CipherSpec;
import org.jspecify.annotations.Nullable;

/**
 * What is to be collected.
 *
 * @param source names the bytes
 * @param cipher how the wire bytes are enciphered, or null
 * @param lookAhead how far ahead of the furthest reader this one wants them (P10), or null for the
 *     whole at once
 */
public record IngestRequest(
        SourceKey source, @Nullable CipherSpec cipher, @Nullable LookAhead lookAhead) {

    /**
     * How far ahead of its readers a transfer may be.
     *
     * @param bytes after the last byte that was read
     * @param withoutReaders whether it holds also while nobody reads; else the whole is wanted then
     */
    public record LookAhead(long bytes, boolean withoutReaders) {

        /**
         * Creates a look-ahead.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public LookAhead {
            if (bytes < 0) {
                throw new IllegalArgumentException("Not a look-ahead: " + bytes);
            }
        }
    }

    /**
     * A request for the whole.
     *
     * @param source names the bytes
     * @param cipher how the wire bytes are enciphered, or null
     */
    public IngestRequest(SourceKey source, @Nullable CipherSpec cipher) {
        this(source, cipher, null);
    }
}
