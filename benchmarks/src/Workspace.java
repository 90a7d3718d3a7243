import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The folders, processes and namespaces of one run. All of it is gone when it is closed, after
 * Ctrl-C too.
 */
final class Workspace implements AutoCloseable {
    /** A file that is served. */
    record Served(String name, long size, String sha256) {}

    private final Deque<AutoCloseable> made = new ArrayDeque<>();
    private final Path memory;
    private final Path disk;

    Workspace() throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "capstan-bench-cleanup"));
        memory = folder(Path.of("/dev/shm"));
        disk = folder(Files.createDirectories(Path.of("benchmarks/target")));
    }

    Path memory() {
        return memory;
    }

    Path disk() {
        return disk;
    }

    private Path folder(Path parent) throws IOException {
        var folder = Files.createTempDirectory(parent.toAbsolutePath(), "capstan-bench-");
        onClose(() -> delete(folder));
        return folder;
    }

    /** What was made last is closed first. */
    synchronized void onClose(AutoCloseable thing) {
        made.push(thing);
    }

    /** Starts a process that lives until the run ends, or until it is stopped. */
    Process start(Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        var process = builder.start();
        onClose(() -> stop(process));
        return process;
    }

    static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Ends a process with those that it started. */
    static void stopAll(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    /** Repeats a command until it succeeds. */
    static void await(String command) throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (new ProcessBuilder("bash", "-c", command + " >/dev/null 2>&1").start().waitFor()
                != 0) {
            if (System.nanoTime() > end) {
                throw new IOException("In vain: " + command);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The same bytes in every run. */
    static Served make(Path folder, String name, long size, long seed) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        var random = new Random(seed);
        var block = new byte[(int) Math.min(size, 1 << 20)];
        try (var stream = Files.newOutputStream(folder.resolve(name))) {
            for (var written = 0L; written < size; written += block.length) {
                random.nextBytes(block);
                digest.update(block);
                stream.write(block);
            }
        }
        return new Served(name, size, HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Has the memory at hand that files of this size need: a virtual machine may have given it
     * back, and then whoever comes first pays for getting it.
     */
    void touch(long size) throws IOException {
        var file = memory.resolve("touch");
        try (var stream = Files.newOutputStream(file)) {
            var block = new byte[1 << 20];
            for (var written = -(64L << 20); written < size; written += block.length) {
                stream.write(block);
            }
        }
        Files.delete(file);
    }

    /** Waits until nothing is left to be written to the disk by those who were before. */
    void settle() throws IOException, InterruptedException {
        new ProcessBuilder("sync", "-f", disk.toString()).start().waitFor();
    }

    static Path empty(Path folder) throws IOException {
        delete(folder);
        return Files.createDirectories(folder);
    }

    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = new ArrayList<>(files.toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Collections.reverse(all);
        for (var each : all) {
            Files.deleteIfExists(each);
        }
    }

    /** How many things were made so far, for {@link #close(int)}. */
    synchronized int mark() {
        return made.size();
    }

    /** Closes what was made since the mark. */
    synchronized void close(int mark) {
        while (made.size() > mark) {
            try {
                made.pop().close();
            } catch (Exception e) {
                System.err.println("benchmarks: not cleaned up: " + e);
            }
        }
    }

    @Override
    public void close() {
        close(0);
    }
}
