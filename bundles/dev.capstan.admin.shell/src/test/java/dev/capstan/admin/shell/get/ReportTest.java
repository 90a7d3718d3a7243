package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
    private static final String SHA_OF_TEST =
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.iso",
                "two words",
                " leading",
                "-d",
                "back\\slash",
                "new\nline",
                "re\rturn",
                "\\\n\r\\n",
                "ümläut 日本.mkv",
                "*?[x]",
                "'\"$(x)"
            })
    void sha256sumAcceptsTheLineOfAnyName(String name) throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/sha256sum")),
                "skipped: there is no /usr/bin/sha256sum");
        Files.writeString(folder.resolve(name), "test");
        var line = Report.checksumLine(SHA_OF_TEST, name);

        var check = sha256sum("-c", "--strict");
        check.outputWriter().append(line).append('\n').close();
        assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).as(line).isZero();

        var sum = sha256sum("--", name);
        assertThat(sum.inputReader().lines())
                .as("what sha256sum itself prints")
                .containsExactly(line);
    }

    @Test
    void aLineNeverHasALineEndWithin() {
        assertThat(Report.checksumLine(SHA_OF_TEST, "a\nb\rc")).doesNotContain("\n", "\r");
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/p, http://h/p",
        "http://u:p@h/p, http://h/p",
        "http://u:p@w@h/p?a@b, http://h/p?a@b",
        "ftp://u@h, ftp://h",
        "http://h/p@q, http://h/p@q",
        "http://h?u@x, http://h?u@x",
        "no link, no link",
        "http://, http://"
    })
    void aShownLinkHasNoUser(String link, String shown) {
        assertThat(Links.withoutUser(link)).isEqualTo(shown);
    }

    private Process sha256sum(String... words) throws Exception {
        var command = new ArrayList<>(List.of("sha256sum"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }
}
