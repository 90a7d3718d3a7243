package dev.capstan.itest.stranger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged program on one data folder, with limits that end a bad source within seconds. */
final class Host implements AutoCloseable {
    private static final Path SCRIPT = Path.of("../runtime/capstan").toAbsolutePath().normalize();

    /** Downloads of one command; they wait more than they work. */
    static final int AT_ONCE = 300;

    private static final List<String> LIMITS =
            List.of(
                    "dev.capstan.transfer.http:connectTimeoutMs=4000",
                    "dev.capstan.transfer.http:headerTimeoutMs=4000",
                    "dev.capstan.transfer.http:idleTimeoutMs=4000",
                    "dev.capstan.transfer.http:minBytesPerSecond=1000",
                    "dev.capstan.transfer.http:minSpeedWindowMs=4000",
                    "dev.capstan.transfer.http:attempts=3",
                    "dev.capstan.transfer.http:maxConnections=4",
                    "dev.capstan.transfer.http:maxConnectionsPerHost=256",
                    "dev.capstan.download.provider:maxConcurrent=" + AT_ONCE * 2);

    private final Path root;
    private final Process process;

    private Host(Path root) throws IOException {
        this.root = root;
        process = startAlone(root, "host", "run", "--no-shell", "--port", "0");
    }

    static Host on(Path root) throws IOException {
        var host = new Host(root);
        while (!host.out("host").contains("ready in")) {
            if (!host.isAlive()) {
                throw new AssertionError(host.out("host") + host.err("host"));
            }
            Call.pause(20);
        }
        return host;
    }

    /** Starts a command on the same data folder. */
    Process start(String name, String... arguments) throws IOException {
        return start(root, name, List.of(arguments));
    }

    /** Starts a command that is its own host, with the same limits. */
    static Process startAlone(Path root, String name, String... arguments) throws IOException {
        return start(root, name, limited(arguments));
    }

    private static Process start(Path root, String name, List<String> arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--data", root.resolve("data").toString()));
        var builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectOutput(root.resolve(name + ".out").toFile())
                        .redirectError(root.resolve(name + ".err").toFile());
        // What strangers send may not fill the memory, however much of it there is.
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Xmx256m");
        return builder.start();
    }

    private static List<String> limited(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        LIMITS.forEach(limit -> all.addAll(List.of("--set", limit)));
        return all;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out(String name) {
        return read(root.resolve(name + ".out"));
    }

    String err(String name) {
        return read(root.resolve(name + ".err"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends the host as a service manager does, and tells whether it obeyed. */
    boolean terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
