package dev.capstan.room.provider.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts messages that were not believed (R9). Safe for any number of threads. */
final class Drops {
    private final Map<Cause, Long> counts = new EnumMap<>(Cause.class);

    /** Why a message was dropped. */
    enum Cause {
        /** It could not be understood. */
        MALFORMED("malformed"),
        /** Its signature is not that of whom it says it is from. */
        UNSIGNED("with a wrong signature"),
        /** It belongs to another room. */
        OTHER_ROOM("of another room"),
        /** It belongs to another session or user. */
        OTHER_SESSION("of another session"),
        /** Its counter did not rise. */
        REPLAYED("replayed"),
        /** It is longer than it may be. */
        TOO_LONG("too long");

        private final String words;

        Cause(String words) {
            this.words = words;
        }
    }

    synchronized void count(Cause cause) {
        counts.merge(cause, 1L, Long::sum);
    }

    /** A sentence for people, if there is anything to say. */
    synchronized Optional<String> sentence() {
        if (counts.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "Messages that were dropped: "
                        + counts.entrySet().stream()
                                .map(each -> each.getValue() + " " + each.getKey().words)
                                .collect(Collectors.joining(", "))
                        + ".");
    }
}
