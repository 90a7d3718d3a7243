package dev.capstan.itest.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.capstan.tck.Origin;
import dev.capstan.tck.hostile.HostileCase;
import dev.capstan.tck.hostile.HostileCases;
import dev.capstan.tck.hostile.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every hostile origin against the real engine and the real store: no answer, however broken, ends
 * in wrong bytes, a hang, or growth without bound. Cases wait more than they work, so many run at
 * once.
 *
 * <p>In short, each case meets half of its settings, so chosen that any two circumstances meet, and
 * the next case the other half; with {@code capstan.matrix=full} each meets all, and the huge file
 * is of its full size.
 */
@Isolated
class HostileMatrixTest {
    private static final int AT_ONCE = 48;
    private static final boolean FULL = System.getProperty("capstan.matrix", "").equals("full");

    // One case that grows without bound passes this at once; so many that do not, and the buffers
    // of
    // their connections, stay far below.
    private static final long MOST_HEAP = 96 << 20;
    private static final long MOST_DISK = 12L << 30;

    @TempDir static Path root;

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static ExecutorService runners;
    private static SSLContext trust;
    private static Bench bench;
    private static LiveHeap heap;
    private static Future<?> huge;

    @BeforeAll
    static void prepare() throws Exception {
        runners =
                Executors.newFixedThreadPool(
                        AT_ONCE,
                        work -> new Thread(work, "capstan-hostile-" + NUMBERS.incrementAndGet()));
        trust = SSLContext.getDefault();
        SSLContext.setDefault(Origin.clientContext());
        bench = new Bench(Components.SOUND, KilledProcess.kill(root.resolve("killed")));
        heap = new LiveHeap(MOST_HEAP);
        // It takes longest, so it begins first.
        if (Files.getFileStore(root).getUsableSpace() > MOST_DISK) {
            var script = HostileCases.all().stream().filter(HostileCase::isHuge).findFirst();
            huge = begin(script.orElseThrow(), new Setting(false, false, 1));
        }
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        runners.shutdown();
        bench.close();
        SSLContext.setDefault(trust);
        heap.close();
        assertThat(heap.most()).as("heap beyond the start").isLessThan(MOST_HEAP);
        assertThat(openFiles()).as("open files").isEmpty();
    }

    @TestFactory
    Stream<DynamicContainer> everyCaseEndsRightInEverySetting() {
        // All are begun here; the tests only wait for them.
        var containers = new ArrayList<DynamicContainer>();
        for (var script : HostileCases.all()) {
            if (!script.isHuge()) {
                var half = containers.size() % 2 == 0;
                containers.add(dynamicContainer(script.toString(), begin(script, half)));
            }
        }
        return containers.stream();
    }

    private static List<DynamicTest> begin(HostileCase script, boolean half) {
        var tests = new ArrayList<DynamicTest>();
        for (var tls : List.of(false, true)) {
            for (var resumed : List.of(false, true)) {
                for (var connections : List.of(1, 4)) {
                    var setting = new Setting(tls, resumed, connections);
                    var isOfHalf = (tls ^ resumed ^ connections == 1) == half;
                    if (script.fits(setting) && (FULL || isOfHalf)) {
                        var end = begin(script, setting);
                        tests.add(dynamicTest(setting.toString(), end::get));
                    }
                }
            }
        }
        return tests;
    }

    private static Future<?> begin(HostileCase script, Setting setting) {
        var folder = root.resolve("run-" + NUMBERS.incrementAndGet());
        return runners.submit(
                () -> {
                    bench.run(script, setting, folder);
                    return null;
                });
    }

    @Test
    void moreBytesThanAnIntCountsAreWholeToo() throws Exception {
        assumeTrue(huge != null, "skipped: the temporary folder has less than 12 GiB free");
        huge.get();
    }

    private static List<String> openFiles() throws IOException {
        var handles = Path.of("/proc/self/fd");
        if (!Files.isDirectory(handles)) {
            return List.of();
        }
        var open = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(handles)) {
            for (var entry : entries) {
                if (Files.isSymbolicLink(entry)) {
                    var target = Files.readSymbolicLink(entry).toString();
                    if (target.startsWith(root.toString())) {
                        open.add(target);
                    }
                }
            }
        }
        return open;
    }
}
