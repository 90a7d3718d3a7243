package dev.capstan.itest.play;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program of this machine, started by a test and ended by it. */
final class Program implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Skips the test, and says so, where a program is missing; in CI none may be. */
    static void needs(String name) {
        var there =
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError(name + " is not installed; install-tools should have done it");
        }
        assumeTrue(there, () -> "skipped: " + name + " is not installed");
    }

    /** Starts a program that keeps what it needs and says in a folder. */
    static Program start(Path folder, List<String> command) throws IOException {
        var output = Files.createTempFile(folder, "output", ".txt");
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        return new Program(builder.start(), output);
    }

    /** What it has said so far. */
    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    boolean runs() {
        return process.isAlive();
    }

    int exit() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
