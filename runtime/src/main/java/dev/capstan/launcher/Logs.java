package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Where log records go: INFO and above to {@code logs/capstan.log} with all that is known, warnings
 * and errors also to standard error, each once, one line each and no stack trace.
 *
 * <p>The JDK makes this handler when the first record comes, and the file is opened then: a start
 * that has nothing to say pays nothing. A file of 10 MiB is set aside as {@code capstan.log.1}.
 *
 * <p>Threads: any; a lock keeps the lines of the file apart.
 */
public final class Logs extends Handler {

    private static final long LARGEST_FILE = 10 << 20;
    private static final int MOST_REMEMBERED = 1_000;

    private static volatile Path folder = Path.of("logs");
    private static volatile Level onTerminal = Level.WARNING;

    private final Set<String> shown = new HashSet<>();
    private final Formatter messages = new SimpleFormatter();
    private @Nullable OutputStream file;
    private long written;

    /** For the JDK, which makes the handler by its name. */
    public Logs() {}

    /** Chooses where and how much; before the first record. */
    static void in(Path folder, boolean verbose) {
        Logs.folder = folder;
        onTerminal = verbose ? Level.INFO : Level.WARNING;
        System.setProperty("java.util.logging.manager", Manager.class.getName());
    }

    @Override
    public void publish(LogRecord record) {
        var message = oneLine(messages.formatMessage(record));
        if (record.getLevel().intValue() >= onTerminal.intValue()) {
            show("capstan: " + word(record.getLevel()) + message + cause(record));
        }
        write(
                "%s %s %s [%s] %s%n%s"
                        .formatted(
                                record.getInstant(),
                                record.getLevel(),
                                record.getLoggerName(),
                                Thread.currentThread().getName(),
                                message,
                                trace(record)));
    }

    /** The component runtime says the same each time somebody asks for a part that failed. */
    private void show(String line) {
        synchronized (shown) {
            if (!shown.add(line)) {
                return;
            }
            if (shown.size() > MOST_REMEMBERED) {
                shown.clear();
            }
        }
        System.err.println(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    private synchronized void write(String entry) {
        try {
            if (file != null && written > LARGEST_FILE) {
                file.close();
                file = null;
            }
            if (file == null) {
                file = open();
            }
            var bytes = entry.getBytes(UTF_8);
            file.write(bytes);
            written += bytes.length;
        } catch (IOException e) {
            System.err.println("capstan: warning: the log cannot be written: " + Plain.words(e));
        }
    }

    /** A channel would be closed by the first thread that logs while it is interrupted. */
    private OutputStream open() throws IOException {
        var current = folder.resolve("capstan.log");
        Files.createDirectories(folder);
        if (Files.exists(current) && Files.size(current) > LARGEST_FILE) {
            Files.move(current, folder.resolve("capstan.log.1"), REPLACE_EXISTING);
        }
        written = Files.exists(current) ? Files.size(current) : 0;
        return new FileOutputStream(current.toFile(), true);
    }

    private static String word(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "error: ";
        }
        return level.intValue() >= Level.WARNING.intValue() ? "warning: " : "";
    }

    private static String cause(LogRecord record) {
        var thrown = record.getThrown();
        return thrown == null ? "" : ": " + oneLine(Plain.reason(thrown));
    }

    private static String trace(LogRecord record) {
        var thrown = record.getThrown();
        if (thrown == null) {
            return "";
        }
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    /** Text from outside must not end the line or move the cursor. */
    private static String oneLine(String message) {
        return message.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /**
     * Sets java.util.logging up for this handler, and never tears it down: the JDK would do so when
     * the process begins to end, and what the bundles say while they stop would be lost.
     */
    public static final class Manager extends LogManager {

        /** For the JDK, which makes the manager by its name. */
        public Manager() {}

        @Override
        public void readConfiguration() throws IOException {
            var properties = "handlers=" + Logs.class.getName() + "\n.level=INFO\n";
            readConfiguration(new ByteArrayInputStream(properties.getBytes(UTF_8)));
        }

        @Override
        public void reset() {}
    }
}
