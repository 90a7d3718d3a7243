package dev.capstan.itest.stranger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Half of each file, the end of the program, and the same command again at changed servers. */
class RestartTest {
    /** What is known to go wrong; whoever repairs it takes it out here. */
    private static final Set<String> KNOWN_WRONG = Set.of();

    @TempDir Path root;
    private final List<Stranger> strangers = new ArrayList<>();
    private final Judge judge = new Judge();

    @ParameterizedTest
    @CsvSource({"1, INT", "4, KILL"})
    void theSameCommandAgainGivesOneVersionOrSaysWhyNot(int connections, String signal)
            throws Exception {
        for (var shown : new RestartCases().cases()) {
            strangers.add(new Stranger(shown, strangers.size()));
        }
        var first = get("first", connections);
        for (var stranger : strangers) {
            // The first answer is under way, or the download has nothing to go on from.
            while (stranger.calls() == 0 && first.isAlive()) {
                Call.pause(20);
            }
        }
        assertThat(first.isAlive()).isTrue();
        new ProcessBuilder("kill", "-" + signal, Long.toString(first.pid())).start().waitFor();
        first.waitFor();
        strangers.forEach(Stranger::turn);
        var second = get("second", connections);
        var isOver = second.waitFor(2, TimeUnit.MINUTES);
        second.destroyForcibly().waitFor();

        assertThat(isOver).isTrue();
        judge.read(Files.readString(root.resolve("second.out")));
        var wrong = new LinkedHashMap<String, String>();
        for (var stranger : strangers) {
            judge.wrong(stranger, folder(stranger))
                    .ifPresent(
                            what ->
                                    wrong.put(
                                            stranger.shown().name(),
                                            what + "\n" + judge.evidence(stranger)));
        }
        assertThat(wrong).containsOnlyKeys(KNOWN_WRONG);
    }

    private Process get(String name, int connections) throws IOException {
        var lines = new ArrayList<String>();
        for (var stranger : strangers) {
            lines.addAll(stranger.linkLines(folder(stranger)));
        }
        var links = Files.write(root.resolve("links"), lines);
        return Host.startAlone(
                root,
                name,
                "get",
                "--json",
                "-q",
                "-j",
                "100",
                "-x",
                Integer.toString(connections),
                "-i",
                links.toString());
    }

    private Path folder(Stranger stranger) {
        return root.resolve("files").resolve(stranger.authority().replace(':', '-'));
    }

    @AfterEach
    void closeAll() throws IOException {
        for (var stranger : strangers) {
            stranger.close();
        }
    }
}
