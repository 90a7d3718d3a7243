package dev.capstan.admin.shell.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.text.Style;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

    @ParameterizedTest
    @CsvSource({
        "7, COLOURED, COLOURED",
        "5, PLAIN, COLOURED", // results go into a pipe
        "15, PLAIN, PLAIN", // no colours are wanted
    })
    void onlyATerminalIsColouredAndOnlyWhereThatIsWanted(
            int terminals, Style results, Style progress) {
        var console =
                Console.of(
                        InputStream.nullInputStream(),
                        System.out,
                        System.err,
                        80,
                        terminals,
                        Questions.NOBODY);

        assertThat(console.outStyle()).isEqualTo(results);
        assertThat(console.style()).isEqualTo(progress);
    }
}
