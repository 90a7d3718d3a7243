package dev.capstan.itest.stranger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A second hostile server, written from the RFCs alone: every behaviour meets the packaged program
 * with one connection and with four. A success has the right bytes; everything else is a failure
 * with a word. Nothing hangs, nothing takes memory or goes where it has no business.
 */
@Isolated
@TestInstance(Lifecycle.PER_CLASS)
class StrangerTest {
    private static final List<Integer> CONNECTIONS = List.of(1, 4);
    private static final long MOST_SECONDS = 240;

    /** What is known to go wrong; whoever repairs it takes it out here. */
    private static final Set<String> KNOWN_WRONG = Set.of();

    private final Map<String, Stranger> strangers = new LinkedHashMap<>();
    private final Judge judge = new Judge();
    private Path root;
    private Host host;

    @BeforeAll
    void fetchEverything(@TempDir Path folder) throws IOException, InterruptedException {
        root = folder;
        // Those that are waited for longest begin first.
        var cases =
                Stream.of(
                                new RefusalCases(),
                                new HeadCases(),
                                new FramingCases(),
                                new RangeCases(),
                                new VersionCases(),
                                new RedirectCases(),
                                new NameCases())
                        .flatMap(table -> table.cases().stream())
                        .toList();
        host = Host.on(root);
        var runs = new ArrayList<Process>();
        for (var connections : CONNECTIONS) {
            for (var shown : cases) {
                var number = strangers.size();
                strangers.put(key(shown, connections), new Stranger(shown, number));
            }
            runs.add(fetch(connections));
        }
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        for (var run : runs) {
            // What has no result by then is said to hang, case by case.
            if (!run.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                run.destroyForcibly().waitFor();
            }
        }
        for (var connections : CONNECTIONS) {
            judge.read(host.out("get" + connections));
        }
    }

    private Process fetch(int connections) throws IOException {
        var list = new ArrayList<String>();
        for (var entry : strangers.entrySet()) {
            if (entry.getKey().endsWith(suffix(connections))) {
                list.addAll(entry.getValue().linkLines(folder(entry.getValue())));
            }
        }
        var file = Files.write(root.resolve("links" + connections), list);
        return host.start(
                "get" + connections,
                "get",
                "--json",
                "-q",
                "-x",
                Integer.toString(connections),
                "-j",
                Integer.toString(Host.AT_ONCE),
                "-i",
                file.toString());
    }

    @AfterAll
    void closeAll() throws IOException {
        host.close();
        for (var stranger : strangers.values()) {
            stranger.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> whatTheRfcsLeaveOpen() {
        return strangers.entrySet().stream()
                .map(
                        entry ->
                                DynamicTest.dynamicTest(
                                        entry.getKey(),
                                        () -> check(entry.getKey(), entry.getValue())));
    }

    private void check(String key, Stranger stranger) throws IOException {
        var wrong = judge.wrong(stranger, folder(stranger));
        if (KNOWN_WRONG.contains(key)) {
            assertThat(wrong).as("repaired, so no longer known to be wrong").isPresent();
        } else {
            assertThat(wrong).as(judge.evidence(stranger)).isEmpty();
        }
    }

    @Test
    void theHostSurvivesThemAll() throws InterruptedException {
        assertThat(host.isAlive()).isTrue();
        assertThat(host.out("host") + host.err("host"))
                .doesNotContain("OutOfMemoryError")
                .doesNotContain("\tat ");
    }

    @Test
    void nothingLiesOutsideItsFolder() throws IOException {
        try (var list = Files.list(root)) {
            assertThat(list.map(path -> path.getFileName().toString()))
                    .allMatch(
                            name -> name.matches("data|files|links\\d|(host|get\\d)\\.(out|err)"));
        }
        try (var list = Files.walk(root.resolve("files"))) {
            assertThat(list.filter(Files::isRegularFile))
                    .allMatch(file -> root.resolve("files").relativize(file).getNameCount() == 2);
        }
        assertThat(Path.of("/tmp/evil")).doesNotExist();
    }

    private Path folder(Stranger stranger) {
        return root.resolve("files").resolve(stranger.authority().replace(':', '-'));
    }

    private static String key(Case shown, int connections) {
        return shown.name().replaceAll("[^\\x20-\\x7e]", "?") + suffix(connections);
    }

    private static String suffix(int connections) {
        return " [-x " + connections + "]";
    }
}
