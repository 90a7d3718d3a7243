package dev.capstan.record.provider;

import dev.capstan.record.spi.TagReader;
import dev.capstan.record.spi.TagReader.Tags;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads tags, at no risk: whatever a reader throws or does not do costs the tags only (G2). A
 * thread that cannot be stopped is left behind; with two of those nobody is asked any more.
 *
 * <p>Safe for any number of threads.
 */
final class Tagging {
    private static final System.Logger LOG = System.getLogger(Tagging.class.getName());
    private static final int MOST_STUCK = 2;
    private static final int MOST_TAGS = 64;
    private static final int MOST_VALUE = 1_000;

    private final Supplier<@Nullable TagReader> reader;
    private final Duration most;
    private final AtomicInteger stuck = new AtomicInteger();

    /**
     * Creates it.
     *
     * @param reader the reader that is there now, or null
     * @param most how long it may take
     */
    Tagging(Supplier<@Nullable TagReader> reader, Duration most) {
        this.reader = reader;
        this.most = most;
    }

    /** What a file says of itself; nothing where that cannot be found out. */
    Tags read(Path file, String mediaType) throws InterruptedException {
        var present = reader.get();
        if (present == null || stuck.get() >= MOST_STUCK) {
            return Tags.NONE;
        }
        var task = new FutureTask<>(() -> present.read(file, mediaType));
        var isOver = new AtomicBoolean();
        var thread =
                new Thread(
                        () -> {
                            task.run();
                            if (!isOver.compareAndSet(false, true)) {
                                stuck.decrementAndGet();
                            }
                        },
                        "capstan-records-tags");
        thread.setDaemon(true);
        thread.start();
        try {
            return bounded(task.get(most.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            LOG.log(Level.WARNING, "The tags of {0} were not read in {1}", file, most);
            if (isOver.compareAndSet(false, true)) {
                stuck.incrementAndGet();
            }
        } catch (ExecutionException e) {
            LOG.log(Level.DEBUG, "The tags of " + file + " cannot be read", e);
        } finally {
            task.cancel(true);
        }
        return Tags.NONE;
    }

    private static Tags bounded(@Nullable Tags said) {
        if (said == null) {
            return Tags.NONE;
        }
        var tags = new TreeMap<String, String>();
        said.tags().entrySet().stream()
                .filter(tag -> !tag.getKey().isBlank() && !tag.getValue().isBlank())
                .limit(MOST_TAGS)
                .forEach(tag -> tags.put(cut(tag.getKey()), cut(tag.getValue())));
        var duration = said.duration();
        var plays = duration != null && !duration.isNegative() && !duration.isZero();
        return new Tags(plays ? duration : null, tags);
    }

    private static String cut(String text) {
        var clean = new StringBuilder(Math.min(text.length(), MOST_VALUE));
        text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MOST_VALUE)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
