package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * D10: equal calls under way are one call, and what a call gave is kept for ten minutes, the newest
 * thousand of them.
 *
 * <p>Who asks first makes the call, on its own thread and by its own deadline. If that one was
 * interrupted, the others do not suffer for it: the next of them makes the call anew.
 *
 * <p>Safe for any thread; the lock is never held while a call is made.
 */
final class Shared {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int MOST = 1000;

    /** A call. */
    @FunctionalInterface
    interface Call<T> {
        T make() throws DownloadException, InterruptedException;
    }

    private record Kept(Object value, Instant until) {}

    private final Time time;
    private final Map<String, CompletableFuture<@Nullable Object>> underWay = new HashMap<>();
    private final Map<String, Kept> kept = new LinkedHashMap<>();

    Shared(Time time) {
        this.time = time;
    }

    /** What an equal call gave, or gives now, or else this one; it is kept. */
    <T> T kept(String name, Class<T> type, Call<T> call)
            throws DownloadException, InterruptedException {
        synchronized (this) {
            var known = kept.get(name);
            if (known != null && known.until.isAfter(time.instant())) {
                return type.cast(known.value);
            }
        }
        return renewed(name, type, call);
    }

    /** What an equal call gives now, or else this one; it is kept in place of what was. */
    <T> T renewed(String name, Class<T> type, Call<T> call)
            throws DownloadException, InterruptedException {
        return join(
                name,
                type,
                () -> {
                    var value = call.make();
                    keep(name, value);
                    return value;
                });
    }

    /** What an equal call gives now, or else this one; it is not kept. */
    <T> T fresh(String name, Class<T> type, Call<T> call)
            throws DownloadException, InterruptedException {
        return join(name, type, call);
    }

    private <T> T join(String name, Class<T> type, Call<T> call)
            throws DownloadException, InterruptedException {
        while (true) {
            var mine = new CompletableFuture<@Nullable Object>();
            CompletableFuture<@Nullable Object> other;
            synchronized (this) {
                other = underWay.putIfAbsent(name, mine);
            }
            if (other == null) {
                return lead(name, call, mine);
            }
            try {
                var value = other.get();
                if (value != null) {
                    return type.cast(value);
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof DownloadException failure) {
                    throw new DownloadException(
                            failure.errorClass(),
                            String.valueOf(failure.getMessage()),
                            failure.detail(),
                            failure.retryAfter().orElse(null),
                            failure);
                }
            }
        }
    }

    /** Makes the call; leaves the others without a value if it broke off. */
    private <T> T lead(String name, Call<T> call, CompletableFuture<@Nullable Object> mine)
            throws DownloadException, InterruptedException {
        T value = null;
        DownloadException failure = null;
        try {
            value = call.make();
            return value;
        } catch (DownloadException e) {
            failure = e;
            throw e;
        } finally {
            synchronized (this) {
                underWay.remove(name);
            }
            if (failure != null) {
                mine.completeExceptionally(failure);
            } else {
                mine.complete(value);
            }
        }
    }

    private synchronized void keep(String name, Object value) {
        var now = time.instant();
        kept.remove(name);
        kept.put(name, new Kept(value, now.plus(KEPT)));
        // In the order they were kept in, so the first ones are the oldest.
        var oldest = kept.values().iterator();
        while (oldest.hasNext()) {
            var until = oldest.next().until;
            if (kept.size() <= MOST && until.isAfter(now)) {
                return;
            }
            oldest.remove();
        }
    }
}
