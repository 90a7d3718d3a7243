package dev.capstan.content.spi;

import dev.capstan.content.SourceKey;
import dev.capstan.decrypt.spi.CipherSpec;
import org.jspecify.annotations.Nullable;

/**
 * What is to be collected.
 *
 * @param source names the bytes
 * @param cipher how the wire bytes are enciphered, or null
 */
public record IngestRequest(SourceKey source, @Nullable CipherSpec cipher) {}
