package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.spi.DownloadStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/**
 * Removes rows whose bytes were for the store alone and never came (P15): nobody is given a file by
 * them, and whoever wanted to play them has seen why that failed. Adding the link once more makes a
 * new one.
 *
 * <p>Asked by one thread; what it removes goes in line with what else is asked of a download.
 */
final class Leftovers {
    /** How long one may be looked at. */
    static final Duration KEPT = Duration.ofDays(1);

    private static final DownloadQuery ENDED_BADLY =
            DownloadQuery.ALL
                    .withStates(Set.of(DownloadState.FAILED, DownloadState.CANCELLED))
                    .withLimit(DownloadQuery.MAX_LIMIT);

    private final DownloadStore store;
    private final Desk desk;
    private final Commands commands;
    private final InstantSource clock;

    Leftovers(DownloadStore store, Desk desk, Commands commands, InstantSource clock) {
        this.store = store;
        this.desk = desk;
        this.commands = commands;
        this.clock = clock;
    }

    /** Removes what has been left for long enough. */
    void sweep() {
        var page = store.list(ENDED_BADLY);
        while (true) {
            page.items().stream().filter(this::isLeft).forEach(this::remove);
            var next = page.next();
            // The oldest come first, and what was added lately cannot have been left for long.
            if (next == null || !page.items().stream().allMatch(row -> isOld(row.created()))) {
                return;
            }
            page = store.list(ENDED_BADLY.from(next));
        }
    }

    /** It may have been taken up again before its turn comes. */
    private void remove(Download row) {
        var unused =
                desk.later(
                        row.id(),
                        () -> {
                            var now = store.get(row.id());
                            if (now.filter(this::isLeft).isPresent()) {
                                commands.remove(row.id(), false);
                            }
                            return row;
                        });
    }

    private boolean isLeft(Download row) {
        var state = row.state();
        return row.options().cacheOnly()
                && (state == DownloadState.FAILED || state == DownloadState.CANCELLED)
                && isOld(row.updated());
    }

    private boolean isOld(Instant time) {
        return time.plus(KEPT).isBefore(clock.instant());
    }
}
