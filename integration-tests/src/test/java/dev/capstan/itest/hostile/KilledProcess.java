package dev.capstan.itest.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.tck.hostile.HostileCase;
import dev.capstan.tck.hostile.Past;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Data folders as a process left them that was killed while it was filling an ingest. */
final class KilledProcess {
    static final SourceKey SOURCE = new SourceKey("hostile", "f");

    private static final String FILLED = "filled";
    private static final int BLOCK = 64 << 10;

    private final Path root;
    private final Map<Past, RangeSet> present = new EnumMap<>(Past.class);

    private KilledProcess(Path root) {
        this.root = root;
    }

    /** Lets a process fill a data folder for each past, and kills it in the middle. */
    static KilledProcess kill(Path root) throws Exception {
        var killed = new KilledProcess(root);
        killed.fillAndKill("");
        for (var past : Past.values()) {
            killed.recover(past);
            assertThat(killed.present(past)).as("after kill -9").isEqualTo(past.present());
        }
        return killed;
    }

    /**
     * The same with a store that was tampered with and stops in the middle of the last block of the
     * first island; what is behind it is written before, so that the file is long enough for it.
     */
    static KilledProcess kill(Path root, SeededFault fault) throws Exception {
        var killed = new KilledProcess(root);
        killed.fillAndKill(fault.name());
        killed.recover(Past.ISLANDS);
        return killed;
    }

    /** What the store believes to be there. */
    RangeSet present(Past past) {
        return present.get(past);
    }

    /** A data folder of one's own, as it was left. */
    void copy(Past past, Path to) throws IOException {
        var from = root.resolve(past.name());
        try (var files = Files.walk(from)) {
            files.forEach(
                    file -> {
                        try {
                            Files.copy(
                                    file,
                                    to.resolve(from.relativize(file).toString()),
                                    StandardCopyOption.COPY_ATTRIBUTES);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    private void fillAndKill(String fault) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledProcess.class.getName(),
                                root.toString(),
                                fault)
                        .redirectErrorStream(true)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var said = out.readLine();
            if (!FILLED.equals(said)) {
                throw new AssertionError(said + "\n" + out.lines().toList());
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /**
     * Opens the folder once. Closing it again claims for good what was acknowledged: a claim that
     * is only good for this boot and this very file would not survive being copied.
     */
    private void recover(Past past) throws Exception {
        var store = Components.SOUND.store(root.resolve(past.name()));
        try (var ingest = store.ingest(new IngestRequest(SOURCE, null));
                var filler = ingest.fill().orElseThrow()) {
            present.put(past, ingest.present());
            assertThat(ingest.identity()).isEqualTo(past.identity());
            filler.checkpoint();
        } finally {
            Components.end(store);
        }
    }

    /** The process to be killed. */
    public static void main(String[] arguments) throws Exception {
        var root = Path.of(arguments[0]);
        if (arguments[1].isEmpty()) {
            for (var past : Past.values()) {
                fill(Components.SOUND, root, past);
            }
        } else {
            fill(SeededFault.valueOf(arguments[1]).components(), root, Past.ISLANDS);
        }
        stop();
    }

    /** Says that it is time to kill. */
    static void stop() throws InterruptedException {
        System.out.println(FILLED);
        new CountDownLatch(1).await();
    }

    private static void fill(Components components, Path root, Past past) throws Exception {
        var store = components.store(root.resolve(past.name()));
        var filler = store.ingest(new IngestRequest(SOURCE, null)).fill().orElseThrow();
        filler.identify(past.identity());
        var ranges = new ArrayList<>(past.present().ranges());
        Collections.reverse(ranges);
        for (var range : ranges) {
            var lane = filler.lane(range.from());
            while (lane.position() < range.to()) {
                var to = Math.min(range.to(), lane.position() + BLOCK);
                lane.write(ByteBuffer.wrap(HostileCase.B.bytes(lane.position(), to)));
            }
        }
    }
}
