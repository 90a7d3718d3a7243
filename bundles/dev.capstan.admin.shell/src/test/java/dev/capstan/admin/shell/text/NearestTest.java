package dev.capstan.admin.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KNOWN = List.of("pause", "resume", "ls", "features");

    @Test
    void aSlipIsRecognised() {
        assertThat(Nearest.hint("puase", KNOWN)).isEqualTo("; did you mean pause?");
        assertThat(Nearest.hint("lss", KNOWN)).isEqualTo("; did you mean ls?");
        assertThat(Nearest.hint("feat", KNOWN)).isEqualTo("; did you mean features?");
    }

    @Test
    void nothingIsGuessedFromNothing() {
        assertThat(Nearest.hint("xyzzy", KNOWN)).isEqualTo(".");
    }
}
