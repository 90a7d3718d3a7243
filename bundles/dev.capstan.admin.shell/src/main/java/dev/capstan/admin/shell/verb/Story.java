package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.text.Page;
import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadError;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One download, told. */
record Story(Download download) implements Shown {
    private static final int LABEL = 10;

    @Override
    public String render(int width, Style style) {
        var status = download.status();
        var digest = download.digest();
        var batch = download.batch();
        var completed = download.completed();
        var page = new Page(style, LABEL);
        page.heading(download.displayName());
        page.line("state", Words.doing(download, Instant.now()), Words.tint(download));
        page.line("note", status.note());
        page.line("progress", progress());
        page.line("from", download.source().link());
        page.line("host", download.source().host());
        page.line("to", place());
        page.line("sha-256", digest == null ? null : digest.hex());
        download.promised().forEach(promised -> page.line("promised", promised.toString()));
        page.line("batch", batch == null ? null : batch.name() + " (" + batch.id() + ")");
        page.line("limits", limits());
        page.line("priority", unlessZero(download.priority()));
        page.line("retries", unlessZero(status.retryCount()));
        page.line("added", time(download.created()));
        page.line("completed", completed == null ? null : time(completed));
        page.line("id", download.id());
        download.metadata().forEach(page::line);
        if (status.errorHistory().isEmpty()) {
            return page.toString();
        }
        var errors = new Page(style, time(Instant.EPOCH).length()).heading("what went wrong");
        for (var error : status.errorHistory()) {
            errors.line(time(error.at()), kind(error) + ": " + error.message(), Tint.FAILED);
        }
        return page.toString() + errors;
    }

    private static String kind(DownloadError error) {
        return error.errorClass().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static @Nullable String unlessZero(int number) {
        return number == 0 ? null : Integer.toString(number);
    }

    private String progress() {
        var metrics = download.metrics();
        var fraction = metrics.fraction();
        var parts = new StringJoiner(", ");
        parts.add(Units.bytes(metrics.downloaded(), metrics.size()));
        fraction.ifPresent(part -> parts.add(Units.percent(part)));
        if (metrics.bytesPerSecond() > 0) {
            parts.add(Units.speed(metrics.bytesPerSecond()));
        }
        metrics.eta().ifPresent(eta -> parts.add(Units.clock(eta) + " left"));
        if (metrics.connections() > 0) {
            parts.add(Units.count(metrics.connections(), "connection"));
        }
        return parts.toString();
    }

    private @Nullable String place() {
        var target = download.target();
        if (target.placed() != null) {
            return target.placed().toString();
        }
        var folder = target.folder() != null ? target.folder().toString() : target.category();
        if (folder == null || target.name() == null) {
            return target.name() == null ? folder : target.name();
        }
        return folder + "/" + target.name();
    }

    private String limits() {
        var options = download.options();
        var parts = new StringJoiner(", ");
        if (options.maxConnections() > 0) {
            parts.add("at most " + Units.count(options.maxConnections(), "connection"));
        }
        if (options.limitBytesPerSecond() > 0) {
            parts.add("at most " + Units.speed(options.limitBytesPerSecond()));
        }
        return parts.toString();
    }

    private static String time(Instant instant) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                .withZone(ZoneId.systemDefault())
                .format(instant);
    }
}
