package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.json.Fields;
import dev.capstan.content.Content;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.download.DownloadException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Hashes stored items again, one after another (P7), on the thread {@code capstan-verify}; one such
 * task at a time. Its numbers may be read by any thread while it runs.
 */
final class Verification {
    private static final int PAGE = 1000;
    private static final int MOST_SHOWN = 100;

    private @Nullable Thread thread;
    private String state = "IDLE";
    private long total;
    private long checked;
    private long bytes;
    private long damagedItems;
    private final List<String> damaged = new ArrayList<>();
    private @Nullable Instant started;
    private @Nullable Instant ended;
    private @Nullable String message;

    /**
     * Starts the task.
     *
     * @param only these items; empty for all
     * @param sample as many of all, chosen by chance
     * @return false while another one runs
     */
    synchronized boolean start(Contents store, List<Digest> only, OptionalInt sample) {
        if (thread != null) {
            return false;
        }
        state = "RUNNING";
        total = only.size();
        checked = 0;
        bytes = 0;
        damagedItems = 0;
        damaged.clear();
        started = now();
        ended = null;
        message = null;
        var worker = new Thread(() -> run(store, only, sample), "capstan-verify");
        worker.setDaemon(true);
        thread = worker;
        worker.start();
        return true;
    }

    /** How far it is. */
    synchronized Fields shown() {
        return new Fields()
                .put("state", state)
                .put("total", total)
                .put("checked", checked)
                .put("bytes", bytes)
                .put("damaged", damagedItems)
                .put("damagedItems", Fields.texts(damaged))
                .put("started", started)
                .put("ended", ended)
                .put("message", message);
    }

    synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run(Contents store, List<Digest> only, OptionalInt sample) {
        try {
            var chosen = only.isEmpty() ? choose(store, sample) : only;
            begin(chosen.size());
            for (var digest : chosen) {
                check(store, digest);
            }
            end("DONE", null);
        } catch (InterruptedException e) {
            end("FAILED", "It was stopped.");
        } catch (DownloadException | RuntimeException e) {
            end("FAILED", String.valueOf(e.getMessage()));
        }
    }

    private static List<Digest> choose(Contents store, OptionalInt sample) {
        var all = new ArrayList<Digest>();
        List<Content> page = store.list(null, PAGE);
        while (!page.isEmpty()) {
            page.forEach(content -> all.add(content.digest()));
            page = store.list(all.get(all.size() - 1), PAGE);
        }
        if (sample.isEmpty() || sample.getAsInt() >= all.size()) {
            return all;
        }
        Collections.shuffle(all);
        return all.subList(0, sample.getAsInt());
    }

    private void check(Contents store, Digest digest)
            throws DownloadException, InterruptedException {
        var size = store.find(digest).map(Content::size).orElse(0L);
        boolean isRight;
        try {
            isRight = store.verify(digest);
        } catch (DownloadException e) {
            if (store.find(digest).isPresent()) {
                throw e;
            }
            isRight = true; // evicted since it was listed
        }
        note(digest, size, isRight);
    }

    private synchronized void begin(int items) {
        total = items;
    }

    private synchronized void note(Digest digest, long size, boolean isRight) {
        checked++;
        bytes += size;
        if (!isRight) {
            damagedItems++;
            if (damaged.size() < MOST_SHOWN) {
                damaged.add(digest.hex());
            }
        }
    }

    private synchronized void end(String how, @Nullable String why) {
        state = how;
        message = why;
        ended = now();
        thread = null;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
