package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration, as somebody sees it who has just installed Capstan. */
class DemoTest {
    @TempDir Path root;

    @Test
    @DisplayName("the download survives all that the server does, and nothing is left behind")
    void survives() throws Exception {
        var capstan = new Capstan(root);
        var shown = capstan.run("demo");
        assertThat(shown.exit()).as(shown.err()).isZero();
        assertThat(shown.err())
                .containsSubsequence("stalls", "lies", "cuts", "refuses", "dies", "is back")
                .contains("own sha256 is " + shown.out().substring(0, 64));
        assertThat(capstan.run("ls").out()).contains("There are no such downloads.");
        assertThat(capstan.run("cache", "ls").out()).contains("The store is empty.");
    }
}
