package dev.capstan.access;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The tokens of programs (S5). A token is told once, when it is made; only its hash is kept. What
 * is made or removed counts at once.
 *
 * <p>The administrator's own token is not among them.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: reads and writes one small file.
 */
@ProviderType
public interface Tokens {

    /**
     * Makes a token.
     *
     * @param name which program it is for: 1 to 64 letters, digits, dots, hyphens or underscores
     * @param scope {@link Scope#READ} or {@link Scope#DOWNLOADS}
     * @return 256 random bits as URL-safe text; it cannot be told again
     * @throws IllegalArgumentException if the name is no name or taken, or the scope is another
     * @throws IOException if it cannot be kept
     */
    String create(String name, Scope scope) throws IOException;

    /**
     * All tokens by name.
     *
     * @return what is known of them
     * @throws IOException if they cannot be read
     */
    List<Entry> list() throws IOException;

    /**
     * Removes a token.
     *
     * @param name which program it was for
     * @return whether there was one
     * @throws IOException if that cannot be kept
     */
    boolean remove(String name) throws IOException;

    /**
     * What a token opens, found in a time that tells nothing of it.
     *
     * @param token as a program offers it
     * @return empty where it is none of these
     */
    Optional<Scope> scope(String token);

    /**
     * A program's token, without the token.
     *
     * @param name which program it is for
     * @param scope what it opens
     * @param created when it was made
     */
    record Entry(String name, Scope scope, Instant created) {}
}
