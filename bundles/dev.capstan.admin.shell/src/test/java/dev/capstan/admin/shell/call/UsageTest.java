package dev.capstan.admin.shell.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    private static final Usage USAGE =
            Usage.of(
                    "haul",
                    """
                    [options] LINK...

                    Some prose - with a dash.

                      -d, --dir DIR              folder
                          --header 'NAME: VALUE' is too near to be a description
                          --retry N              tries again
                      -c, --continue             changes nothing
                      -q, --quiet                shows nothing
                    """);

    @Test
    void theTextIsTheDefinition() {
        assertThat(USAGE.synopsis()).isEqualTo("[options] LINK...");
        var own = USAGE.options().subList(0, 2);
        assertThat(own)
                .containsExactly(
                        new Usage.Option('d', "dir", "DIR", "folder"),
                        new Usage.Option(
                                (char) 0,
                                "header",
                                "'NAME: VALUE' is too near to be a description",
                                ""));
    }

    /** Each line: the words, then what is read of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-d out a | dir=out a",
                "-dout a | dir=out a",
                "--dir out a | dir=out a",
                "--dir=out a | dir=out a",
                "--dir= a | dir= a",
                "-d -c a | dir=-c a",
                "-cq a | continue=true quiet=true a",
                "-cqdout a | dir=out continue=true quiet=true a",
                "a -c b | continue=true a b",
                "--continue=true a | continue=true a",
                "--continue=false a | a",
                "-- -c --dir | -c --dir",
                "- | -",
                "-d one -d two | dir=one dir=two",
                "--data /x --set p:k=v --allow-private-networks --verbose | data=/x set=p:k=v"
                        + " allow-private-networks=true verbose=true",
                "--header A:b --header C:d | header=A:b header=C:d"
            })
    void wordsAreReadAsPeopleWriteThem(String words, String read) throws Exception {
        assertThat(describe(USAGE.parse(List.of(words.split(" "))))).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--dri x | haul has no option --dri; did you mean --dir?",
                "--xyzzy | haul has no option --xyzzy.",
                "-z | haul has no option -z.",
                "-cz | haul has no option -z.",
                "--dir | --dir needs a value: DIR",
                "-d | --dir needs a value: DIR",
                "--quiet=5 | --quiet takes no value."
            })
    void mistakesAreToldInOneSentence(String words, String sentence) {
        assertThatThrownBy(() -> USAGE.parse(List.of(words.split(" "))))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
                .hasMessage(sentence);
    }

    @Test
    void numbersAreChecked() throws Exception {
        assertThat(USAGE.parse(List.of()).number("retry", 3, 0, 9)).isEqualTo(3);
        assertThat(USAGE.parse(List.of("--retry=7")).number("retry", 3, 0, 9)).isEqualTo(7);
        for (var wrong : List.of("x", "-1", "10", "", "99999999999")) {
            var arguments = USAGE.parse(List.of("--retry=" + wrong));
            assertThatThrownBy(() -> arguments.number("retry", 3, 0, 9))
                    .hasMessage("--retry needs a number from 0 to 9, not \"" + wrong + "\".");
        }
    }

    @Test
    void anOptionThatTheTextDoesNotDefineIsAMistakeOfTheProgram() throws Exception {
        var arguments = USAGE.parse(List.of());
        assertThatThrownBy(() -> arguments.has("dri")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownOptionsWinOverThoseOfTheCall() throws Exception {
        var own = USAGE.parse(List.of("--dir=own"));
        var merged = own.orElse(USAGE.parse(List.of("--dir=call", "--retry=2")));
        assertThat(merged.value("dir")).isEqualTo("own");
        assertThat(merged.value("retry")).isEqualTo("2");
    }

    private static String describe(Arguments arguments) {
        var text = new StringBuilder();
        for (var option : USAGE.options()) {
            for (var value : arguments.values(option.name())) {
                text.append(option.name()).append('=').append(value).append(' ');
            }
        }
        arguments.operands().forEach(operand -> text.append(operand).append(' '));
        return text.toString().strip();
    }
}
