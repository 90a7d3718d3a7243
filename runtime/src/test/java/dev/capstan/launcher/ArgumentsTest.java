package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    private static Arguments parse(String... line) throws LaunchException {
        var options = Map.of("--open", "some.pid:open=true", "--port", "some.pid:port=");
        return Arguments.parse(List.of(line), options, "run");
    }

    @Test
    void theLaunchersOptionsAreTakenOutWhereverTheyStand() throws Exception {
        var arguments = parse("get", "--data", "d", "-o", "x", "--set", "p:k=v", "link", "--open");

        assertThat(arguments.data()).isEqualTo("d");
        assertThat(arguments.settings()).containsExactly("p:k=v");
        assertThat(arguments.options()).containsExactly("some.pid:open=true");
        assertThat(arguments.command()).containsExactly("get", "-o", "x", "link");
    }

    @Test
    void aValueMayFollowAnEqualsSign() throws Exception {
        var arguments = parse("ls", "--data=d=e", "--set=p:k=a=b");

        assertThat(arguments.data()).isEqualTo("d=e");
        assertThat(arguments.settings()).containsExactly("p:k=a=b");
    }

    @Test
    void anOptionMayTakeItsValueFromTheLine() throws Exception {
        assertThat(parse("run", "--port", "80").options()).containsExactly("some.pid:port=80");
        assertThat(parse("--port=80", "run").options()).containsExactly("some.pid:port=80");
        assertThat(parse("run", "--port", "80").command()).containsExactly("run");
        assertThatThrownBy(() -> parse("run", "--port")).hasMessage("--port needs a value.");
    }

    @Test
    void twoDashesEndTheLaunchersOptions() throws Exception {
        assertThat(parse("add", "--", "--data", "x").command())
                .containsExactly("add", "--", "--data", "x");
    }

    @Test
    void aLineWithoutAVerbHasTheDefaultOne() throws Exception {
        assertThat(parse().command()).containsExactly("run");
        assertThat(parse("--no-shell").command()).containsExactly("run", "--no-shell");
        assertThat(parse("-q", "--data", "d").command()).containsExactly("run", "-q");
    }

    @Test
    void quietAndVerboseMayStandBeforeTheVerb() throws Exception {
        var arguments = parse("--verbose", "-q", "ls", "-a");

        assertThat(arguments.command()).containsExactly("ls", "--verbose", "-q", "-a");
        assertThat(arguments.verbose()).isTrue();
    }

    @Test
    void anOptionWithoutItsValueIsAWrongCall() {
        assertThatThrownBy(() -> parse("ls", "--data"))
                .isInstanceOfSatisfying(
                        LaunchException.class, e -> assertThat(e.exit()).isEqualTo(28))
                .hasMessage("--data needs a value.");
        assertThatThrownBy(() -> parse("ls", "--data=")).hasMessageContaining("name of a folder");
    }
}
