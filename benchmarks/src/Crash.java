import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Kills a download at half, has it continued by the same command, and counts at the server what was
 * sent twice.
 */
final class Crash {
    // Slow enough that next to nothing is on its way when the client dies: the server counts bytes
    // as sent that nobody has read yet.
    private static final long RATE = 96L << 20;
    private static final long MOST = 384L << 20;

    private final Bench bench;
    private final Workspace.Served file;
    private final Path out;
    private final Path data;

    Crash(Bench bench) throws Exception {
        this.bench = bench;
        this.file = Workspace.make(bench.www(), "crash.bin", Math.min(MOST, bench.largeSize()), 9);
        this.out = bench.space().memory().resolve("out");
        this.data = bench.space().memory().resolve("crash");
    }

    Table measure() throws Exception {
        var rounds =
                new Rounds(
                        bench.rounds(),
                        () -> {
                            Workspace.empty(out);
                            Workspace.empty(data);
                            bench.space().touch(file.size());
                            bench.nginx().counted();
                        });
        for (var n : List.of(1, 16)) {
            var options = "-s" + n + " -x" + n + " -k1M -d " + out + " -o file ";
            rounds.add("capstan -x" + n, () -> capstan(n));
            rounds.add(
                    "aria2 -x" + n,
                    () ->
                            peer(
                                    "aria2c -q --no-conf -c --file-allocation=none "
                                            + options
                                            + url(n)));
        }
        rounds.add("curl -C -", () -> peer("curl -s -C - -o " + out + "/file " + url(1)));
        return new Table(
                "Killed at half, continued",
                """
                %s from nginx over loopback at %d MiB/s in all; kill -9 at half, then the same \
                command. Seconds are those of the second half. MiB again: what the server sent \
                more than the file. curl does not notice when the file changed meanwhile, and \
                verifies nothing.\
                """
                        .formatted(LargeFile.mib(file), RATE >> 20),
                0,
                rounds.run());
    }

    private String url(int connections) {
        return bench.nginx().url("counted/" + file.name()) + "?rate=" + RATE / connections;
    }

    private Sample peer(String command) throws Exception {
        var process = start(command);
        untilHalf(out);
        process.destroyForcibly().waitFor();
        return continued(
                () -> {
                    if (start(command).waitFor() != 0) {
                        throw new IOException("It failed: " + command);
                    }
                    return null;
                });
    }

    private static Process start(String command) throws IOException {
        return new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private Sample capstan(int connections) throws Exception {
        var words =
                List.of(
                        "get",
                        "-q",
                        "-x" + connections,
                        "-s" + connections,
                        "-d",
                        out.toString(),
                        "-o",
                        "file",
                        url(connections));
        var folder = data.resolve("capstan");
        var killed = bench.host(folder, List.of(), Map.of());
        var caller = new Thread(() -> killed.attempt(words), "capstan-bench-caller");
        caller.start();
        untilHalf(folder.resolve("staging"));
        killed.kill();
        caller.join();
        var host = bench.host(folder, List.of(), Map.of());
        try {
            return continued(
                    () -> {
                        host.attempt(words);
                        return null;
                    });
        } finally {
            host.stop();
        }
    }

    private Sample continued(Callable<?> second) throws Exception {
        var begin = System.nanoTime();
        second.call();
        var seconds = (System.nanoTime() - begin) / 1e9;
        var target = out.resolve("file");
        if (Files.mismatch(target, bench.www().resolve(file.name())) >= 0) {
            throw new IOException("Wrong bytes");
        }
        var again = bench.nginx().counted() - file.size();
        return new Sample(seconds, 0, 0).with("MiB again", again / (double) (1 << 20));
    }

    /** Waits until half of the file has its blocks; sparse files have not. */
    private void untilHalf(Path folder) throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            var blocks = Machine.output("du -s --block-size=1 " + folder + " | cut -f1");
            if (!blocks.isEmpty() && Long.parseLong(blocks) >= file.size() / 2) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IOException("It never came to half.");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
