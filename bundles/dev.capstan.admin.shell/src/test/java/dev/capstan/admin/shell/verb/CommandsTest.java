package dev.capstan.admin.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.call.Usage;
import dev.capstan.admin.shell.host.TestHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CommandsTest {
    static final List<String> VERBS = Commands.VERBS;

    @TempDir private Path folder;
    private TestHost host;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void everyVerbExplainsItself(String verb) throws Exception {
        var definition = host.commands.verb(verb).definition();
        assertThat(definition.name()).isEqualTo(verb);
        assertThat(definition.summary()).endsWith(".");
        assertThat(definition.examples()).contains("capstan " + verb);

        var call = host.start(folder, verb, "--help");
        assertThat(call.exit()).isZero();
        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith(definition.summary() + "\n\nUsage: capstan " + verb);
        for (var option : definition.usage().options()) {
            assertThat(call.out()).contains("--" + option.name());
            assertThat(option.description()).as(option.name()).isNotEmpty();
        }
        assertThat(call.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void everyVerbTakesTheOptionsOfTheHostAndNamesAnUnknownOne(String verb) throws Exception {
        var help =
                host.start(folder, verb, "--data", "/x", "--set", "p:k=v", "--verbose", "--help");
        assertThat(help.exit()).isZero();
        var unknown = host.start(folder, verb, "--hlep");
        assertThat(unknown.exit()).isEqualTo(28);
        assertThat(unknown.err())
                .isEqualTo("capstan: " + verb + " has no option --hlep; did you mean --help?\n");
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void lettersMeanOneThingEach(String verb) throws Exception {
        var letters =
                host.commands.verb(verb).definition().usage().options().stream()
                        .map(Usage.Option::letter)
                        .filter(letter -> letter != 0);
        assertThat(letters).doesNotHaveDuplicates();
    }

    @Test
    void theOverviewNamesAllVerbs() throws Exception {
        var call = host.start(folder, "help");
        assertThat(call.exit()).isZero();
        Commands.VERBS.forEach(verb -> assertThat(call.out()).contains("\n  " + verb + " "));
    }

    @Test
    void withoutTheQueueASentenceTellsWhereToLook() throws Exception {
        var call = host.start(folder, "hosts");
        assertThat(call.exit()).isEqualTo(1);
        assertThat(call.err())
                .isEqualTo(
                        "capstan: This host runs without the download queue; \"capstan doctor\""
                                + " tells what is missing.\n");
    }

    @Test
    void nothingForeignActsOnTheTerminalThroughAMessage() throws Exception {
        var call = host.start(folder, "\u001b[2J");
        assertThat(call.err()).doesNotContain("\u001b");
    }
}
