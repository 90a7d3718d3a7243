package dev.capstan.admin.rest.json;

import dev.capstan.admin.rest.stream.MediaTypes;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Downloads. */
public final class DownloadJson {
    private static final Set<DownloadState> OPENABLE =
            Set.of(
                    DownloadState.QUEUED,
                    DownloadState.STARTING,
                    DownloadState.DOWNLOADING,
                    DownloadState.COMPLETED);

    private DownloadJson() {}

    /** A download as lists and events have it. */
    public static JsonObject of(Download download) {
        return fields(download).object();
    }

    /** Downloads as lists and events have them. */
    public static JsonArray list(Collection<Download> downloads) {
        return Fields.list(downloads.stream().map(DownloadJson::of).toList());
    }

    /** A download to which more is to be added. */
    public static Fields fields(Download download) {
        var status = download.status();
        var metrics = download.metrics();
        var target = download.target();
        var options = download.options();
        var fields =
                new Fields()
                        .put("id", download.id())
                        .put("kind", download.kind().name().toLowerCase(Locale.ROOT))
                        .put("url", ShownLink.of(download.source().link()))
                        .put("host", download.source().host())
                        .put("name", name(download))
                        .put("state", download.state())
                        .put("phase", status.phase() == Phase.NONE ? null : status.phase())
                        .put("waitUntil", status.waitUntil())
                        .put("waitReason", status.note())
                        .put("retries", status.retryCount())
                        .put("priority", download.priority())
                        .put("position", download.position());
        numbers(fields, metrics)
                .put("added", download.created())
                .put("updated", download.updated())
                .put("completed", download.completed())
                .put("path", target.placed() == null ? null : target.placed().toString())
                .put("mediaType", target.mediaType())
                .put("category", target.category())
                .put("sha256", download.digest() == null ? null : download.digest().hex())
                .put("batch", batch(download.batch()))
                .put("error", error(status.error()))
                .put(
                        "errorHistory",
                        Fields.list(
                                status.errorHistory().stream().map(DownloadJson::past).toList()))
                .put("playable", isPlayable(download));
        if (options.limitBytesPerSecond() > 0) {
            fields.put("limitBytesPerSecond", options.limitBytesPerSecond());
        }
        if (options.maxConnections() > 0) {
            fields.put("maxConnections", options.maxConnections());
        }
        return fields;
    }

    /** A link as it may be shown: without what is secret in it. */
    public static String shown(String link) {
        return ShownLink.of(link);
    }

    /** The moving numbers alone, as progress tells them. */
    public static JsonObject progress(Download download) {
        return numbers(new Fields().put("id", download.id()), download.metrics()).object();
    }

    /** Downloads for each state; states that nothing is in are left out. */
    public static JsonObject counts(Map<DownloadState, Long> counts) {
        var fields = new Fields();
        if (!counts.isEmpty()) {
            new EnumMap<>(counts)
                    .forEach(
                            (state, count) -> {
                                if (count > 0) {
                                    fields.put(state.name(), count);
                                }
                            });
        }
        return fields.object();
    }

    private static Fields numbers(Fields fields, Metrics metrics) {
        if (metrics.knownSize().isPresent()) {
            fields.put("size", metrics.size());
        }
        return fields.put("downloaded", metrics.downloaded())
                .put("speed", metrics.bytesPerSecond())
                .put("eta", metrics.eta().orElse(null))
                .put("connections", metrics.connections());
    }

    private static String name(Download download) {
        var name = download.target().name();
        return name != null ? name : ShownLink.of(download.source().link());
    }

    private static boolean isPlayable(Download download) {
        return download.kind() == Download.Kind.FILE
                && OPENABLE.contains(download.state())
                && MediaTypes.ofName(download.displayName())
                        .filter(type -> type.startsWith("audio/") || type.startsWith("video/"))
                        .isPresent();
    }

    private static @Nullable Fields batch(@Nullable BatchRef batch) {
        return batch == null ? null : new Fields().put("id", batch.id()).put("name", batch.name());
    }

    private static @Nullable Fields error(@Nullable DownloadError error) {
        return error == null
                ? null
                : new Fields().put("class", error.errorClass()).put("message", error.message());
    }

    private static JsonObject past(DownloadError error) {
        return new Fields()
                .put("timestamp", error.at())
                .put("class", error.errorClass())
                .put("message", error.message())
                .put("retries", error.retryCount())
                .object();
    }
}
