package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class LogsTest {

    @TempDir Path folder;
    private final PrintStream terminal = System.err;
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private Logs logs(boolean verbose) {
        System.setErr(new PrintStream(shown, true));
        Logs.in(folder.resolve("logs"), verbose);
        return new Logs();
    }

    @AfterEach
    void restore() {
        System.setErr(terminal);
        System.clearProperty("java.util.logging.manager");
        Thread.interrupted();
    }

    private Path file() {
        return folder.resolve("logs/capstan.log");
    }

    @Test
    void theTerminalShowsWarningsAndWithVerboseMore() {
        var quiet = logs(false);
        quiet.publish(new LogRecord(Level.INFO, "all is well"));
        quiet.publish(new LogRecord(Level.SEVERE, "all is lost"));
        var verbose = logs(true);
        verbose.publish(new LogRecord(Level.INFO, "by the way"));

        assertThat(shown).hasToString("capstan: error: all is lost\ncapstan: by the way\n");
    }

    @Test
    void theTerminalShowsALineOnce() {
        var logs = logs(false);
        logs.publish(new LogRecord(Level.WARNING, "one"));
        logs.publish(new LogRecord(Level.WARNING, "one"));
        logs.publish(new LogRecord(Level.WARNING, "two"));

        assertThat(shown).hasToString("capstan: warning: one\ncapstan: warning: two\n");
        assertThat(file()).content().hasLineCount(3);
    }

    @Test
    void aFileInTheWayIsSaidInWords() {
        var record = new LogRecord(Level.SEVERE, "no store");
        record.setThrown(
                new IllegalStateException(new FileAlreadyExistsException("/data/content")));
        logs(false).publish(record);

        assertThat(shown)
                .hasToString("capstan: error: no store: /data/content: a file is in the way\n");
    }

    @Test
    void theFileHasItAll() {
        var logs = logs(false);
        logs.publish(new LogRecord(Level.INFO, "one"));
        logs.publish(new LogRecord(Level.WARNING, "two"));

        var thread = Thread.currentThread().getName();
        assertThat(file()).content().contains("INFO null [" + thread + "] one\n").contains("two\n");
    }

    @Test
    void whatComesFromOutsideCannotForgeLinesOrMoveTheCursor() {
        logs(false).publish(new LogRecord(Level.WARNING, "name\r\n\u001b[2Jcapstan: all is well"));

        assertThat(shown).hasToString("capstan: warning: name [2Jcapstan: all is well\n");
        assertThat(file()).content().hasLineCount(1);
    }

    @Test
    void aFullFileIsSetAside() throws Exception {
        Files.createDirectories(file().getParent());
        try (var full = new RandomAccessFile(file().toFile(), "rw")) {
            full.setLength((10 << 20) + 1);
        }
        logs(false).publish(new LogRecord(Level.INFO, "first of the new"));

        assertThat(folder.resolve("logs/capstan.log.1")).hasSize((10 << 20) + 1);
        assertThat(file()).content().endsWith("first of the new\n").hasLineCount(1);
    }

    @Test
    void aThreadThatIsInterruptedLogsLikeAnyOther() {
        var logs = logs(false);
        Thread.currentThread().interrupt();
        logs.publish(new LogRecord(Level.INFO, "one"));
        logs.publish(new LogRecord(Level.INFO, "two"));

        assertThat(file()).content().contains("one\n", "two\n");
        assertThat(shown.toString()).isEmpty();
    }
}
