package dev.capstan.download.provider;

import dev.capstan.transfer.spi.TransferEngine;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The transfer engines that are there. Safe for any thread. */
final class Engines {

    private record Entry(TransferEngine engine, Set<String> schemes, int ranking) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private volatile Instant emptySince;

    Engines(Clock clock) {
        this.clock = clock;
        emptySince = clock.instant();
    }

    /** Takes an engine and tells the schemes it moves. */
    Set<String> add(TransferEngine engine, @Nullable Object schemes, int ranking) {
        var lower =
                (schemes instanceof String[] many
                                ? Stream.of(many)
                                : Stream.ofNullable(schemes).map(String::valueOf))
                        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        entries.add(new Entry(engine, lower, ranking));
        return lower;
    }

    void remove(TransferEngine engine) {
        entries.removeIf(entry -> entry.engine == engine);
        if (entries.isEmpty()) {
            emptySince = clock.instant();
        }
    }

    /** The engine that moves links of a scheme. */
    Optional<TransferEngine> find(String scheme) {
        return entries.stream()
                .filter(entry -> entry.schemes.contains(scheme.toLowerCase(Locale.ROOT)))
                .max(Comparator.comparingInt(Entry::ranking))
                .map(Entry::engine);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Since when there has been none. */
    Instant emptySince() {
        return emptySince;
    }
}
