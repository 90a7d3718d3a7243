package dev.capstan.download.provider;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Remembers which downloads found no space, and how much was free then: a download is tried again
 * when its volume has more. When the volume that content is collected on is really full, nothing
 * more is begun until then; a download that only does not fit waits by itself.
 *
 * <p>Safe for any thread.
 */
final class DiskWatch {
    /** With less free, a volume is full for everybody. */
    static final long FULL_BELOW = 256L << 20;

    /** What counts as more space, and not as the breathing of a volume in use. */
    static final long MORE = 1L << 20;

    private record Cause(LongSupplier volume, long freeThen, boolean isOfStore) {}

    private final LongSupplier storeFree;
    private final Map<String, Cause> causes = new ConcurrentHashMap<>();

    DiskWatch(LongSupplier storeFree) {
        this.storeFree = storeFree;
    }

    /** A download found no space where content is collected. */
    void storeFull(String download) {
        causes.put(download, new Cause(storeFree, storeFree.getAsLong(), true));
    }

    /** A download found no space where it was to be placed. */
    void targetFull(String download, LongSupplier free) {
        causes.put(download, new Cause(free, free.getAsLong(), false));
    }

    /** A download does not wait for space any more. */
    void forget(String download) {
        causes.remove(download);
    }

    /** Tells whether a download waits for space that has not come yet. */
    boolean keepsWaiting(String download) {
        return causes.containsKey(download);
    }

    /** Tells whether nothing is to be begun. */
    boolean isFull() {
        return causes.values().stream()
                .anyMatch(cause -> cause.isOfStore && cause.freeThen < FULL_BELOW);
    }

    /**
     * Looks again.
     *
     * @return whether somebody has space now who had none
     */
    boolean recovered() {
        return causes.values().removeIf(cause -> cause.volume.getAsLong() >= cause.freeThen + MORE);
    }
}
