package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process sees of a real terminal, made by script(1). */
class TerminalTest {

    @TempDir Path folder;

    /** Shows the terminal of its process. */
    public static final class Show {
        public static void main(String[] file) throws Exception {
            Files.writeString(Path.of(file[0]), Terminal.ofThisProcess().toString());
        }
    }

    private String shown(String columns, String redirection) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/script")),
                "skipped: there is no /usr/bin/script");
        var file = folder.resolve("shown");
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var classPath = System.getProperty("java.class.path");
        var command =
                "TERM=xterm NO_COLOR= COLUMNS=%s %s -cp '%s' '%s' %s %s"
                        .formatted(
                                columns, java, classPath, Show.class.getName(), file, redirection);
        var script = List.of("/usr/bin/script", "-qefc", command, "/dev/null");
        var process = new ProcessBuilder(script).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        return Files.readString(file);
    }

    @Test
    void aTerminalHasTheWidthTheEnvironmentSays() throws Exception {
        assertThat(shown("132", "")).isEqualTo("Terminal[flags=7, columns=132]");
    }

    @Test
    void anUnknownWidthIsTheUsualOne() throws Exception {
        assertThat(shown("wide", "")).isEqualTo("Terminal[flags=7, columns=80]");
        assertThat(shown("0", "")).isEqualTo("Terminal[flags=7, columns=80]");
    }

    @Test
    void whoWantsNoColoursGetsNone() throws Exception {
        assertThat(shown("100 NO_COLOR=1", "")).isEqualTo("Terminal[flags=15, columns=100]");
    }

    @Test
    void aDumbTerminalIsNotPaintedAgain() throws Exception {
        assertThat(shown("100 TERM=dumb", "")).isEqualTo("Terminal[flags=11, columns=0]");
    }

    @Test
    void eachStreamIsToldApart() throws Exception {
        assertThat(shown("100", "| cat")).isEqualTo("Terminal[flags=5, columns=100]");
        assertThat(shown("100", "2>/dev/null </dev/null"))
                .isEqualTo("Terminal[flags=2, columns=0]");
    }
}
