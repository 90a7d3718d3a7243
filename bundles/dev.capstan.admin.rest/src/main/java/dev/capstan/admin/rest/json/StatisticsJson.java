package dev.capstan.admin.rest.json;

import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import jakarta.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** The numbers of the whole queue. */
public final class StatisticsJson {

    private StatisticsJson() {}

    /** What the queue itself knows. */
    public static JsonObject of(Statistics statistics) {
        return fields(statistics).object();
    }

    /** The same, to which more is to be added. */
    public static Fields fields(Statistics statistics) {
        var counts = statistics.counts();
        var all = statistics.allTime();
        var hosts = new Fields();
        new TreeMap<>(statistics.hosts())
                .forEach(
                        (id, totals) ->
                                hosts.put(
                                        id,
                                        new Fields()
                                                .put("completed", totals.completed())
                                                .put("failed", totals.failed())
                                                .put("bytes", totals.bytes())));
        return new Fields()
                .put("counts", DownloadJson.counts(counts))
                .put(
                        "active",
                        count(counts, DownloadState.STARTING)
                                + count(counts, DownloadState.DOWNLOADING))
                .put("queued", count(counts, DownloadState.QUEUED))
                .put("completed", count(counts, DownloadState.COMPLETED))
                .put("failed", count(counts, DownloadState.FAILED))
                .put("paused", count(counts, DownloadState.PAUSED))
                .put("cancelled", count(counts, DownloadState.CANCELLED))
                .put("speed", statistics.bytesPerSecond())
                .put("successRate", all.successRate())
                .put("bytesToday", statistics.today().bytes())
                .put("bytesSinceStart", statistics.sinceStart().bytes())
                .put("bytesTotal", all.bytes())
                .put("completedTotal", all.completed())
                .put("failedTotal", all.failed())
                .put("hosts", hosts);
    }

    private static long count(Map<DownloadState, Long> counts, DownloadState state) {
        return counts.getOrDefault(state, 0L);
    }
}
