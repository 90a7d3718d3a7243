package dev.capstan.download.sqlite;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.download.Trust;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Downloads as rows. {@link #COLUMNS}, {@link #values} and {@link #read} keep one order. */
final class Rows {
    /** What a download is read from; to be qualified with {@code d.}, the table's alias. */
    static final String COLUMNS =
            """
            d.id, d.kind, d.link, d.canonical, d.host, d.source_key, d.trust,
            d.name, d.name_given, d.folder, d.category, d.media_type, d.placed,
            d.max_connections, d.limit_bytes, d.max_retries, d.first_byte_within, d.fail_fast,
            d.cache_only, d.look_ahead, d.max_bytes,
            d.batch, d.batch_name,
            d.state, d.phase, d.note, d.retry_count, d.wait_until, d.error, d.error_history,
            d.size, d.downloaded, d.speed, d.connections,
            d.promised, d.digest, d.metadata, d.secret_ref, d.rank, d.position,
            d.created, d.updated, d.completed
            """;

    /** How many columns those are. */
    static final int WIDTH = COLUMNS.split(",").length;

    private static final String WRITTEN =
            COLUMNS.replace("d.", "").strip() + ", name_key, link_hash, source_hash, waiting";

    /** The names of what {@link #values} gives, in order. */
    private static final List<String> NAMES = List.of(WRITTEN.split(",\\s+"));

    private static final int WAIT_UNTIL = NAMES.indexOf("wait_until");
    private static final int WAITING = NAMES.indexOf("waiting");

    private static final String MARKS = "?" + ", ?".repeat(NAMES.size() - 1);

    /**
     * Adds a row; takes {@link #values}. A failure undoes the whole transaction, so SQLite need not
     * keep what undoing this statement alone would take: OR FAIL.
     */
    static final String INSERT =
            "INSERT OR FAIL INTO download (%s) VALUES (%s)".formatted(WRITTEN, MARKS);

    private Rows() {}

    /**
     * Makes the statement that turns a stored version into another one, but for its claim. It names
     * what differs and nothing else, because SQLite writes each index anew that has a named column.
     */
    static Sql change(Download stored, Download next) {
        var change = new Sql().add("UPDATE download SET");
        var before = values(stored);
        var values = values(next);
        // A claim may have seen that the time has come, which makes no other version.
        var waitsAnew = !Objects.equals(before[WAIT_UNTIL], values[WAIT_UNTIL]);
        var separator = "";
        for (var i = 0; i < values.length; i++) {
            if (!Objects.equals(before[i], values[i]) || (waitsAnew && i == WAITING)) {
                change.add(separator + NAMES.get(i) + " = ?", values[i]);
                separator = ", ";
            }
        }
        // A row that a worker no longer holds has no owner.
        return next.state().isActive()
                ? change
                : change.add(separator + "owner = NULL, lease_until = NULL");
    }

    static @Nullable Object[] values(Download d) {
        var source = d.source();
        var target = d.target();
        var options = d.options();
        var status = d.status();
        var metrics = d.metrics();
        var batch = d.batch();
        var values = new ArrayList<@Nullable Object>(48);
        values.add(d.id());
        values.add(d.kind().name());
        values.add(source.link());
        values.add(source.canonical().equals(source.link()) ? null : source.canonical());
        values.add(source.host());
        values.add(textOrNull(source.key()));
        values.add(source.trust().name());
        values.add(target.name());
        values.add(flag(target.nameGiven()));
        values.add(textOrNull(target.folder()));
        values.add(target.category());
        values.add(target.mediaType());
        values.add(textOrNull(target.placed()));
        values.add(options.maxConnections());
        values.add(options.limitBytesPerSecond());
        values.add(options.maxRetries());
        values.add(nanosOrNull(options.firstByteWithin()));
        values.add(flag(options.failInsteadOfWaiting()));
        values.add(flag(options.cacheOnly()));
        values.add(options.lookAhead());
        values.add(options.maxBytes());
        values.add(batch == null ? null : batch.id());
        values.add(batch == null ? null : batch.name());
        values.add(d.state().ordinal());
        values.add(status.phase().name());
        values.add(status.note());
        values.add(status.retryCount());
        values.add(Times.nanosOrNull(status.waitUntil()));
        values.add(status.error() == null ? null : Json.write(written(status.error())));
        values.add(
                status.errorHistory().isEmpty()
                        ? null
                        : Json.write(status.errorHistory().stream().map(Rows::written).toList()));
        values.add(metrics.size());
        values.add(metrics.downloaded());
        values.add(metrics.bytesPerSecond());
        values.add(metrics.connections());
        values.add(
                d.promised().isEmpty()
                        ? null
                        : Json.write(
                                d.promised().stream().map(Digest::toString).sorted().toList()));
        values.add(textOrNull(d.digest()));
        values.add(d.metadata().isEmpty() ? null : Json.write(new TreeMap<>(d.metadata())));
        values.add(d.secretRef());
        values.add(-(long) d.priority());
        values.add(d.position());
        values.add(Times.nanos(d.created()));
        values.add(Times.nanos(d.updated()));
        values.add(Times.nanosOrNull(d.completed()));
        values.add(Texts.sortKey(d.displayName()));
        values.add(Texts.hash(source.canonical()));
        values.add(source.key() == null ? null : Texts.hash(source.key().toString()));
        values.add(flag(d.state() == DownloadState.QUEUED && status.waitUntil() != null));
        return values.toArray();
    }

    static Download read(Row row) throws SQLException {
        var id = row.text();
        try {
            return new Download(
                    id,
                    Download.Kind.valueOf(row.text()),
                    source(row),
                    new Target(
                            row.textOrNull(),
                            row.flag(),
                            path(row.textOrNull()),
                            row.textOrNull(),
                            row.textOrNull(),
                            path(row.textOrNull())),
                    options(row),
                    batch(row),
                    status(row),
                    new Metrics(row.number(), row.number(), row.number(), (int) row.number()),
                    promised(row.textOrNull()),
                    digest(row.textOrNull()),
                    metadata(row.textOrNull()),
                    row.textOrNull(),
                    (int) -row.number(),
                    row.number(),
                    Times.instant(row.number()),
                    Times.instant(row.number()),
                    Times.instantOrNull(row.numberOrNull()));
        } catch (IllegalArgumentException e) {
            throw new SQLException("The row of download " + id + " cannot be read", e);
        }
    }

    static DownloadState state(long code) {
        return DownloadState.values()[Math.toIntExact(code)];
    }

    private static Source source(Row row) throws SQLException {
        var link = row.text();
        var canonical = row.textOrNull();
        var host = row.text();
        var key = row.textOrNull();
        return new Source(
                link,
                canonical == null ? link : canonical,
                host,
                key == null ? null : SourceKey.parse(key),
                Trust.valueOf(row.text()));
    }

    private static DownloadOptions options(Row row) throws SQLException {
        var maxConnections = (int) row.number();
        var limit = row.number();
        var maxRetries = row.numberOrNull();
        var firstByteWithin = row.numberOrNull();
        return new DownloadOptions(
                maxConnections,
                limit,
                maxRetries == null ? null : maxRetries.intValue(),
                firstByteWithin == null ? null : Duration.ofNanos(firstByteWithin),
                row.flag(),
                row.flag(),
                row.numberOrNull(),
                row.number());
    }

    private static @Nullable BatchRef batch(Row row) throws SQLException {
        var id = row.textOrNull();
        var name = row.textOrNull();
        return id == null ? null : new BatchRef(id, name == null ? "" : name);
    }

    private static Status status(Row row) throws SQLException {
        var state = state(row.number());
        var phase = Phase.valueOf(row.text());
        var note = row.textOrNull();
        var retryCount = (int) row.number();
        var waitUntil = Times.instantOrNull(row.numberOrNull());
        var error = row.textOrNull();
        var history = row.textOrNull();
        return new Status(
                state,
                phase,
                note,
                retryCount,
                waitUntil,
                error == null ? null : error(Json.read(error)),
                history == null
                        ? List.of()
                        : Json.readList(history).stream().map(Rows::error).toList());
    }

    private static Map<String, Object> written(DownloadError error) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("timestamp", error.at().toString());
        fields.put("class", error.errorClass().name());
        if (error.detail() != Detail.NONE) {
            fields.put("detail", error.detail().name());
        }
        fields.put("message", error.message());
        fields.put("retry_count", error.retryCount());
        return fields;
    }

    private static DownloadError error(Object json) {
        if (!(json instanceof Map<?, ?> fields)
                || !(fields.get("timestamp") instanceof String at)
                || !(fields.get("class") instanceof String errorClass)
                || !(fields.get("message") instanceof String message)
                || !(fields.get("retry_count") instanceof Long retryCount)) {
            throw new IllegalArgumentException("Not an error: " + json);
        }
        var detail =
                fields.get("detail") instanceof String name ? Detail.valueOf(name) : Detail.NONE;
        return new DownloadError(
                Instant.parse(at),
                ErrorClass.valueOf(errorClass),
                detail,
                message,
                retryCount.intValue());
    }

    private static Set<Digest> promised(@Nullable String json) {
        return json == null
                ? Set.of()
                : Json.readList(json).stream()
                        .map(digest -> Digest.parse((String) digest))
                        .collect(Collectors.toSet());
    }

    private static @Nullable Digest digest(@Nullable String text) {
        return text == null ? null : Digest.parse(text);
    }

    private static Map<String, String> metadata(@Nullable String json) {
        return json == null ? Map.of() : Json.readTexts(json);
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    private static @Nullable String textOrNull(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Long nanosOrNull(@Nullable Duration duration) {
        if (duration == null) {
            return null;
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException beyond) {
            return Long.MAX_VALUE;
        }
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }
}
