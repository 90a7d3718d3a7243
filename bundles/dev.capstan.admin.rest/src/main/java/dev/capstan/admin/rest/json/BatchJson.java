package dev.capstan.admin.rest.json;

import dev.capstan.download.Batch;
import dev.capstan.download.DownloadState;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.Collection;

/** Batches. */
public final class BatchJson {

    private BatchJson() {}

    /** A batch. */
    public static JsonObject of(Batch batch) {
        var counts = batch.counts();
        var members = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Fields()
                .put("id", batch.id())
                .put("name", batch.name())
                .put("created", batch.created())
                .put("state", batch.state())
                .put("members", members)
                .put("failed", counts.getOrDefault(DownloadState.FAILED, 0L))
                .put("completed", counts.getOrDefault(DownloadState.COMPLETED, 0L))
                .put("size", batch.size())
                .put("downloaded", batch.downloaded())
                .put("progress", progress(batch))
                .put("counts", DownloadJson.counts(counts))
                .object();
    }

    /** Batches. */
    public static JsonArray list(Collection<Batch> batches) {
        return Fields.list(batches.stream().map(BatchJson::of).toList());
    }

    /** Weighted by bytes; where no size is known, there is nothing yet or everything. */
    private static double progress(Batch batch) {
        if (batch.size() > 0) {
            return Math.min(1, (double) batch.downloaded() / batch.size());
        }
        return batch.state() == DownloadState.COMPLETED ? 1 : 0;
    }
}
