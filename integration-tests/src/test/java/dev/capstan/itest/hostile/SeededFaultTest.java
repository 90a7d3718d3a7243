package dev.capstan.itest.hostile;

import static dev.capstan.itest.hostile.SeededFault.CLAIMED_BEFORE_WRITTEN;
import static dev.capstan.itest.hostile.SeededFault.CONTENT_RANGE_NOT_CHECKED;
import static dev.capstan.itest.hostile.SeededFault.VALIDATORS_NOT_COMPARED;
import static dev.capstan.itest.hostile.SeededFault.WRITTEN_BEFORE_CLAIMED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.hostile.HostileCase;
import dev.capstan.tck.hostile.HostileCases;
import dev.capstan.tck.hostile.Past;
import dev.capstan.tck.hostile.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test of the test: with a mistake in the engine or in the store, cases turn red. */
class SeededFaultTest {
    private static final int AT_ONCE = 16;
    private static final String WRONG_BYTES = "FALSE_SUCCESS";

    @TempDir static Path root;
    @TempDir Path folder;

    private static KilledProcess killed;

    @BeforeAll
    static void kill() throws Exception {
        killed = KilledProcess.kill(root);
    }

    @Test
    @DisplayName("T1: whoever does not compare validators mixes two versions")
    void validatorsNotCompared() throws Exception {
        var red = red(VALIDATORS_NOT_COMPARED.components(), killed, 17);
        assertThat(red).anyMatch(it -> it.startsWith("17 ") && it.contains(WRONG_BYTES));
    }

    @Test
    @DisplayName("T1: whoever does not check Content-Range writes bytes where they do not belong")
    void contentRangeNotChecked() throws Exception {
        var red = red(CONTENT_RANGE_NOT_CHECKED.components(), killed, 11, 12, 13, 14, 15, 16);
        assertThat(red).anyMatch(it -> it.startsWith("12 ") && it.contains(WRONG_BYTES));
    }

    @Test
    @DisplayName("P2: a claim that is written before its bytes is a lie after kill -9")
    void claimedBeforeWritten() throws Exception {
        var lied = KilledProcess.kill(folder.resolve("faulty"), CLAIMED_BEFORE_WRITTEN);
        assertThat(red(Components.SOUND, lied, 1, 15))
                .anyMatch(it -> it.startsWith("1 ") && it.contains(WRONG_BYTES));

        var honest = KilledProcess.kill(folder.resolve("sound"), WRITTEN_BEFORE_CLAIMED);
        assertThat(honest.present(Past.ISLANDS).size()).isLessThan(Past.ISLANDS.present().size());
        assertThat(red(Components.SOUND, honest, 1, 15)).noneMatch(it -> it.contains(WRONG_BYTES));
    }

    @Test
    @DisplayName("without a mistake the same cases are green")
    void sound() throws Exception {
        assertThat(red(Components.SOUND, killed, 1, 11, 12, 13, 14, 15, 16, 17)).isEmpty();
    }

    /** The cases of some rows that fail, with what was wrong. */
    private List<String> red(Components components, KilledProcess past, Integer... rows)
            throws Exception {
        var runs = new ArrayList<Callable<String>>();
        try (var bench = new Bench(components, past)) {
            for (var script : HostileCases.all()) {
                for (var resumed : List.of(false, true)) {
                    var setting = new Setting(false, resumed, 1);
                    var known = !resumed || past.present(script.past()) != null;
                    if (List.of(rows).contains(script.row()) && script.fits(setting) && known) {
                        runs.add(() -> complaint(bench, script, setting));
                    }
                }
            }
            var runners = Executors.newFixedThreadPool(AT_ONCE);
            try {
                var red = new ArrayList<String>();
                for (var end : runners.invokeAll(runs)) {
                    red.add(end.get());
                }
                red.removeIf(String::isEmpty);
                return red;
            } finally {
                runners.shutdown();
            }
        }
    }

    private String complaint(Bench bench, HostileCase script, Setting setting) throws Exception {
        var run = Files.createTempDirectory(folder, "run");
        try {
            bench.run(script, setting, run);
            return "";
        } catch (AssertionError e) {
            return script + ", " + setting + ": " + e.getMessage();
        }
    }
}
