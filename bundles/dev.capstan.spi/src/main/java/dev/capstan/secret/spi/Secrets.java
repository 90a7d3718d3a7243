package dev.capstan.secret.spi;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps secrets out of store, configuration, events and logs (S7). A secret is named by a
 * reference: {@code file:NAME} (a file of mode 0600 in a folder of mode 0700) or {@code env:NAME}.
 *
 * <p>Safe for any number of threads; reads one small file. Nobody may log, store or post what is
 * returned. Messages of errors name the reference or the path, never the secret.
 */
@ProviderType
public interface Secrets {

    /**
     * Reads a secret.
     *
     * @param reference {@code file:NAME} or {@code env:NAME}; any other text is itself the secret,
     *     as a configuration property of type PASSWORD may hold it
     * @return the secret, or empty if there is none under that reference
     * @throws IOException if the file cannot be read, or its rights or its folder's are too wide
     */
    Optional<String> get(String reference) throws IOException;

    /**
     * Writes a secret, in place of an older one of that name; durable when it returns.
     *
     * @param name letters, digits, {@code . _ -}; at most 100 characters
     * @param secret the secret
     * @return the reference to keep, {@code file:NAME}
     * @throws IOException if it cannot be written
     */
    String put(String name, String secret) throws IOException;

    /**
     * Removes a secret that {@link #put} wrote; harmless if there is none.
     *
     * @param reference what {@link #put} returned
     * @throws IOException if it cannot be removed
     */
    void remove(String reference) throws IOException;
}
