package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.http.move.Precedents.Precedent;
import dev.capstan.transfer.spi.TransferResult.End;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What each of two addresses brings is compared, so nothing else shall take their time. */
@DisplayName("Several direct links of one file: who brings how much")
@Isolated
class MirrorSharesTest extends TwoOrigins {
    @Test
    void bothAreUsedAtTheSameTimeWhereADigestIsPromised() throws Exception {
        rig.digestPromised();

        fetchWhole();

        assertThat(first.bodyBytes()).isGreaterThan(1_000_000);
        assertThat(second.bodyBytes()).isGreaterThan(1_000_000);
        assertThat(second.log().get(0).from()).isPositive();
        assertThat(first.bodyBytes() + second.bodyBytes()).isLessThan(BODY.length() + 4_000_000);
    }

    @Test
    void withoutAPromiseAMirrorIsComparedFirst() throws Exception {
        fetchWhole();

        var probe = second.log().get(0);
        assertThat(probe.last() + 1 - probe.from()).isEqualTo(PROBE);
        assertThat(probe.header("if-range")).isEmpty();
        assertThat(second.log().get(1).header("if-range")).hasValue("\"two\"");
        assertThat(second.bodyBytes()).isGreaterThan(1_000_000);
    }

    @Test
    void theFasterOneBringsMore() throws Exception {
        rig.digestPromised();
        second.serve("/f", Resource.of(BODY).etag("\"two\"").pace(SPEED / 3));

        fetchWhole();

        assertThat(first.bodyBytes()).isGreaterThan(2 * second.bodyBytes());
    }

    @Test
    @DisplayName("RFC 6249: an answer names other addresses")
    void addressesThatAnAnswerNamesAreUsed() throws Exception {
        first.serve("/f", file(BODY, "\"one\"").header("Link", duplicate(second.uri("/f"))));

        assertThat(rig.fetch(first.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(second.bodyBytes()).isGreaterThan(1_000_000);
    }

    @Test
    void whatPaidAtOneIsNotBegunWithWhereThereAreTwo() throws Exception {
        // So little that by themselves others would not be tried so near the end.
        var body = Body.random(3_000_000, 3);
        first.serve("/f", Resource.of(body).pace(10_000_000));
        rig.connections(8).engine.precedents().found("127.0.0.1", new Precedent(8, 1, 1));

        rig.fetch(first.uri("/f"), second.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(body.bytes());
        assertThat(first.connections() + second.connections()).isEqualTo(1);
    }
}
