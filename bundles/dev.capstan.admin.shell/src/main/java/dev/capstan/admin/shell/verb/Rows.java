package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.host.Ids;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.JsonLine;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import dev.capstan.download.Downloads;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Downloads as rows of a table, and as lines of JSON. */
final class Rows {

    private Rows() {}

    /**
     * A table with everything that moves.
     *
     * @param shortIds whether a person reads it, who types ids again
     */
    static Listing<Download> of(
            List<Download> items, Downloads downloads, boolean shortIds, String note) {
        Map<String, String> ids = shortIds ? Ids.shorten(downloads, items) : Map.of();
        var now = Instant.now();
        return new Listing<>(
                items,
                List.of(
                        Column.left("ID", row -> ids.getOrDefault(row.id(), row.id())),
                        Column.<Download>left("STATE", row -> Words.doing(row, now))
                                .tinted(Words::tint),
                        Column.right("DONE", Rows::percent),
                        Column.right("SIZE", row -> Units.bytes(row.metrics().size())),
                        Column.right("SPEED", Rows::speed),
                        Column.right(
                                "LEFT", row -> row.metrics().eta().map(Units::clock).orElse("")),
                        Column.cut("NAME", Download::displayName)),
                note);
    }

    /** A table of what was just done to downloads. */
    static Listing<Download> brief(List<Download> items) {
        return new Listing<>(
                items,
                List.of(
                        Column.left("ID", Download::id),
                        Column.<Download>left("STATE", Words::state).tinted(Words::tint),
                        Column.cut("NAME", Download::displayName)),
                "");
    }

    /** A download as one line of JSON. */
    static String json(Download download) {
        var status = download.status();
        var metrics = download.metrics();
        var placed = download.target().placed();
        var digest = download.digest();
        var batch = download.batch();
        var line = new JsonLine();
        line.put("id", download.id()).put("name", download.displayName());
        line.put("url", download.source().link()).put("host", download.source().host());
        line.put("state", status.state().name()).put("phase", status.phase().name());
        if (metrics.size() >= 0) {
            line.put("size", metrics.size());
        }
        line.put("downloaded", metrics.downloaded());
        line.put("bytesPerSecond", metrics.bytesPerSecond());
        line.put("priority", download.priority()).put("retries", status.retryCount());
        line.put("batch", batch == null ? null : batch.id());
        line.put("path", placed == null ? null : placed.toString());
        line.put("sha256", digest == null ? null : digest.hex());
        line.put("added", download.created().toString());
        var error = status.error();
        if (error != null) {
            var why = new JsonLine().put("class", error.errorClass().name());
            line.put("error", why.put("message", error.message()));
        }
        return line.toString();
    }

    private static String percent(Download download) {
        var fraction = download.metrics().fraction();
        return fraction.isPresent() ? Units.percent(fraction.getAsDouble()) : "";
    }

    private static String speed(Download download) {
        var speed = download.metrics().bytesPerSecond();
        return speed == 0 ? "" : Units.speed(speed);
    }
}
