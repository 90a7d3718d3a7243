package dev.capstan.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The packaged {@code capstan} as a user has it: a process with arguments, streams and an exit
 * code. Each instance has its own data folder and its own current folder.
 */
public final class Capstan {
    private static final Path SCRIPT = Path.of("../runtime/capstan").toAbsolutePath().normalize();

    /** How a process ended. */
    public record Result(int exit, String out, String err, Duration took) {}

    private final List<String> launcher;
    private final Path data;
    private final Path folder;
    private int runs;

    public Capstan(Path root) throws IOException {
        this(root, List.of());
    }

    /**
     * Has its processes started by another program.
     *
     * @param launcher that program and its arguments; it becomes what it starts
     */
    public Capstan(Path root, List<String> launcher) throws IOException {
        this.launcher = launcher;
        data = root.resolve("data");
        folder = Files.createDirectories(root.resolve("work"));
    }

    public Path data() {
        return data;
    }

    /** The current folder of the processes. */
    public Path folder() {
        return folder;
    }

    /** Files below the data folder, but for those that are made for secrets, that hold a text. */
    public List<Path> filesWith(List<String> texts) throws IOException {
        var secrets = data.resolve("secrets");
        try (var files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(secrets))
                    .filter(file -> holds(file, texts))
                    .toList();
        }
    }

    private static boolean holds(Path file, List<String> texts) {
        try {
            var text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return texts.stream().anyMatch(text::contains);
        } catch (IOException e) {
            return false; // it went while we looked
        }
    }

    /** Runs a command to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        return runWithInput("", arguments);
    }

    Result runWithInput(String input, String... arguments)
            throws IOException, InterruptedException {
        var running = start(arguments);
        try (var stream = running.process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return running.await(Duration.ofMinutes(2));
    }

    /** Runs a command that may write files of so many KiB only. */
    Result runWithFilesUpTo(int kib, String... arguments) throws IOException, InterruptedException {
        var limited = List.of("bash", "-c", "ulimit -f " + kib + "; exec \"$@\"", "limited");
        return start(limited, arguments).await(Duration.ofMinutes(2));
    }

    /** Starts a command and lets it run. */
    public Running start(String... arguments) throws IOException {
        return start(launcher, arguments);
    }

    private Running start(List<String> launcher, String... arguments) throws IOException {
        var command = new ArrayList<>(launcher);
        command.add(SCRIPT.toString());
        command.addAll(Arrays.asList(arguments));
        // An option after the command's own is one of the command's too.
        command.add("--data");
        command.add(data.toString());
        var out = folder.resolveSibling("out-" + ++runs);
        var err = folder.resolveSibling("err-" + runs);
        var process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        return new Running(process, out, err, System.nanoTime());
    }

    /** Starts a host and waits until it answers. */
    public Running startHost(String... options) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("run", "--no-shell", "--port", "0"));
        arguments.addAll(Arrays.asList(options));
        var running = start(arguments.toArray(String[]::new));
        try {
            await(
                    "a host that says it is ready",
                    () -> running.isOver() || running.out().contains("ready in"));
        } catch (AssertionError e) {
            running.close();
            throw e;
        }
        if (running.isOver()) {
            throw new AssertionError("The host ended: " + running.out() + running.err());
        }
        return running;
    }

    public static void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, Duration.ofMinutes(1), condition);
    }

    static void await(String what, Duration most, BooleanSupplier condition)
            throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("In vain for " + most.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** A process that may still run. Closing it ends it the hard way. */
    public record Running(Process process, Path outFile, Path errFile, long since)
            implements AutoCloseable {

        public String out() {
            return read(outFile);
        }

        public String err() {
            return read(errFile);
        }

        public boolean isOver() {
            return !process.isAlive();
        }

        public Result await(Duration most) throws InterruptedException {
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("Not over after " + most + ": " + out() + err());
            }
            return new Result(
                    process.exitValue(), out(), err(), Duration.ofNanos(System.nanoTime() - since));
        }

        /** kill -9. */
        public void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /** SIGSTOP: it does nothing more, though its connections are still there. */
        public void freeze() throws IOException, InterruptedException {
            signal("-STOP");
        }

        /** SIGTERM. */
        public Result terminate() throws InterruptedException {
            process.destroy();
            return await(Duration.ofSeconds(15));
        }

        /** SIGINT, as Ctrl-C sends it. */
        public Result interrupt() throws IOException, InterruptedException {
            signal("-INT");
            return await(Duration.ofSeconds(15));
        }

        private void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                return "";
            }
        }
    }
}
