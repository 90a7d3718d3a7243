package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.text.JsonLine;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.RefusedException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells how each download ended: files on standard output, as {@code sha256sum} or as JSON, and
 * what went wrong on standard error. Keeps the exit code of the first failure.
 */
final class Report {
    private final Console console;
    private final Progress progress;
    private final boolean json;
    private final Path current;
    private int exit = ExitCode.DONE;

    Report(Console console, Progress progress, boolean json, Path current) {
        this.console = console;
        this.progress = progress;
        this.json = json;
        this.current = current;
    }

    int exit() {
        return exit;
    }

    void ended(Tracker.Ended ended) {
        var download = ended.download();
        var outcome = outcome(ended);
        progress.makeWay();
        if (outcome.exit() != ExitCode.DONE) {
            failed(Words.name(download), outcome);
        } else if (download.status().note() != null) {
            say(Words.name(download), download.status().note());
        }
        if (download.kind() == Download.Kind.FILE || outcome.exit() != ExitCode.DONE) {
            result(download, outcome, ended.took());
        }
        if (outcome.exit() == ExitCode.DONE) {
            progress.done(ended);
        }
    }

    void refused(String link, RefusedException refusal) {
        var shown = Links.withoutUser(link);
        var outcome =
                new Outcome(
                        ExitCode.of(refusal.reason()),
                        refusal.reason().name(),
                        CommandException.sentence(refusal));
        progress.makeWay();
        failed(Text.clean(shown), outcome);
        if (json) {
            var line = new JsonLine().put("url", shown);
            print(line.put("error", error(outcome)).put("exit", outcome.exit()).toString());
        }
    }

    /** A file as {@code sha256sum} prints it, which marks and escapes names it could not print. */
    static String checksumLine(String sha256, String path) {
        var escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        var mark = escaped.equals(path) ? "" : "\\";
        return mark + sha256 + "  " + escaped;
    }

    private static Outcome outcome(Tracker.Ended ended) {
        var download = ended.download();
        var isFile = download.kind() == Download.Kind.FILE;
        if (ended.outcome() == Outcome.DONE && isFile && download.target().placed() == null) {
            return new Outcome(ExitCode.FAILED, null, "It is completed, but its file is gone.");
        }
        return ended.outcome();
    }

    private void failed(String name, Outcome outcome) {
        if (exit == ExitCode.DONE) {
            exit = outcome.exit();
        }
        say(name, outcome.sentence());
    }

    private void say(String name, String sentence) {
        console.err().println("capstan: " + name + ": " + Text.clean(sentence));
        console.err().flush();
    }

    private void result(Download download, Outcome outcome, Duration took) {
        var placed = download.target().placed();
        var digest = download.digest();
        if (json) {
            var done = download.state() == DownloadState.COMPLETED;
            var line = new JsonLine();
            line.put("id", download.id()).put("url", download.source().link());
            line.put("state", download.state().name());
            line.put("path", placed == null ? null : placed.toString());
            line.put("sha256", digest == null ? null : digest.hex());
            var metrics = download.metrics();
            line.put("bytes", done && metrics.size() >= 0 ? metrics.size() : metrics.downloaded());
            line.putNumber("seconds", Units.seconds(took));
            line.put("error", error(outcome)).put("exit", outcome.exit());
            print(line.toString());
        } else if (outcome.exit() == ExitCode.DONE && placed != null && digest != null) {
            print(checksumLine(digest.hex(), shown(placed)));
        }
    }

    private static @Nullable JsonLine error(Outcome outcome) {
        if (outcome.exit() == ExitCode.DONE) {
            return null;
        }
        return new JsonLine().put("class", outcome.error()).put("message", outcome.sentence());
    }

    private String shown(Path placed) {
        return placed.startsWith(current)
                ? current.relativize(placed).toString()
                : placed.toString();
    }

    private void print(String line) {
        console.out().print(line + "\n");
        console.out().flush();
    }
}
