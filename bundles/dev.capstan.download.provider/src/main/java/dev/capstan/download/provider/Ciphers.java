package dev.capstan.download.provider;

import dev.capstan.decrypt.spi.Decryptor;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which ciphers are claimed, and which ever were: the decryptor of the latter is only away, and a
 * download waits for it (H2); nobody waits for a cipher that was never claimed here. Safe for any
 * thread.
 */
final class Ciphers {
    private final Map<Decryptor, Set<String>> claimed = new ConcurrentHashMap<>();
    private final LocalState state;

    Ciphers(LocalState state) {
        this.state = state;
    }

    /** Takes a decryptor and tells the ciphers it undoes. */
    Set<String> add(Decryptor decryptor, @Nullable Object schemes) {
        var its =
                (schemes instanceof String[] many
                                ? Stream.of(many)
                                : Stream.ofNullable(schemes).map(String::valueOf))
                        .collect(Collectors.toUnmodifiableSet());
        claimed.put(decryptor, its);
        state.rememberCiphers(its);
        return its;
    }

    void remove(Decryptor decryptor) {
        claimed.remove(decryptor);
    }

    boolean isClaimed(String cipher) {
        return claimed.values().stream().flatMap(Collection::stream).anyMatch(cipher::equals);
    }

    /** Whether it was claimed since the data folder exists. */
    boolean wasClaimed(String cipher) {
        return state.ciphers().contains(cipher);
    }
}
