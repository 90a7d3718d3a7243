package dev.capstan.admin.rest.events;

import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Statistics;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.osgi.service.event.Event;

/** A broadcast with a clock that is moved by hand, and what it is told. */
final class Stage {
    static final long FIRST_REV = 1_000_000;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private long nanos = Duration.ofDays(1).toNanos();
    final Broadcast broadcast = new Broadcast(FIRST_REV, tasks::add, () -> nanos);
    private int versions;

    /** Lets time pass in small steps. */
    void pass(Duration time) {
        var end = nanos + time.toNanos();
        while (nanos < end) {
            nanos = Math.min(end, nanos + Duration.ofMillis(125).toNanos());
            broadcast.tick();
            settle();
        }
    }

    /** Does what the network has called back for. */
    void settle() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Somebody comes and says nothing yet. */
    Listener come() {
        var listener = new Listener();
        broadcast.join(listener);
        return listener;
    }

    /** Somebody comes and wants something. */
    Listener come(String wanted) {
        var listener = come();
        say(listener, wanted);
        return listener;
    }

    /** Somebody who wants everything and has seen what is. */
    Listener listener() {
        var listener = come("{\"type\":\"subscribe\",\"downloads\":\"all\"}");
        listener.drain();
        return listener;
    }

    void say(Listener listener, String text) {
        broadcast.heard(listener, text);
        settle();
    }

    void tell(String topic, Map<String, ?> properties) {
        broadcast.accept(new Event(topic, properties));
        settle();
    }

    /** A download moves. */
    Download move(String id, DownloadState state) {
        var download = download(id, state, 0);
        tell(Topics.DOWNLOAD_STATE, Map.of(Topics.DOWNLOADS, List.of(download)));
        return download;
    }

    /** The bytes of a download grow. */
    void grow(String id, long bytes) {
        tell(
                Topics.DOWNLOAD_PROGRESS,
                Map.of(Topics.DOWNLOADS, List.of(download(id, DownloadState.DOWNLOADING, bytes))));
    }

    void change(Batch... batches) {
        tell(Topics.BATCH_CHANGED, Map.of(Topics.BATCHES, List.of(batches)));
    }

    /** One that is newer than all before. */
    Download download(String id, DownloadState state, long bytes) {
        var time = Instant.EPOCH.plusSeconds(++versions);
        var link = "https://example.org/" + id;
        return new Download(
                id,
                Download.Kind.FILE,
                new Source(link, link, "direct", null, Trust.NETWORK),
                Target.UNKNOWN.withName(id + ".bin"),
                DownloadOptions.DEFAULT,
                null,
                Status.NEW.with(state, Phase.NONE, null),
                new Metrics(1_000_000, bytes, 10, 1),
                Set.of(),
                null,
                Map.of(),
                null,
                0,
                0,
                Instant.EPOCH,
                time,
                null);
    }

    static Statistics statistics(long completed) {
        return new Statistics(
                Map.of(DownloadState.COMPLETED, completed),
                0,
                Statistics.Totals.NONE,
                Statistics.Totals.NONE,
                Map.of());
    }
}
