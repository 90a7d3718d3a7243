package dev.capstan.transfer.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class ChallengeTest {

    @Test
    void tellsSchemesFromParameters() {
        assertThat(
                        Challenge.parse(
                                List.of(
                                        "Negotiate, NTLM TlRM==, Basic realm=\"a, \\\"b\\\"\" ,,"
                                                + " DIGEST Realm=x , nonce = \"n=\",stale=TRUE",
                                        "Bearer",
                                        "Basic realm=last")))
                .containsExactly(
                        new Challenge("negotiate", Map.of()),
                        new Challenge("ntlm", Map.of()),
                        new Challenge("basic", Map.of("realm", "a, \"b\"")),
                        new Challenge(
                                "digest", Map.of("realm", "x", "nonce", "n=", "stale", "TRUE")),
                        new Challenge("bearer", Map.of()),
                        new Challenge("basic", Map.of("realm", "last")));
    }

    @Test
    void whatComesBeforeAFaultCounts() {
        assertThat(Challenge.parse(List.of("Basic realm=\"x\", Digest realm=\"never closed")))
                .containsExactly(
                        new Challenge("basic", Map.of("realm", "x")),
                        new Challenge("digest", Map.of()));
        assertThat(Challenge.parse(List.of("", " , ", "@", "=", "\"\"", "Basic realm=\"a\"=b")))
                .containsExactly(new Challenge("basic", Map.of("realm", "a")));
    }

    @Test
    void longOnesAreNoTrouble() {
        var value = "\\a".repeat(30_000);
        assertThat(Challenge.parse(List.of("Digest nonce=\"" + value + "\"")).get(0).get("nonce"))
                .hasSize(30_000);
    }

    @Property
    void alwaysEnds(@ForAll @CharRange(from = ' ', to = 'z') String text) {
        Challenge.parse(List.of("Digest " + text, text));
    }
}
