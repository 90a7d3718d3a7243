package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult.End;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Several direct links of one file")
class MirrorsTest extends TwoOrigins {
    private static final Body OTHER = Body.random(12_000_000, 2);

    @Test
    void aMirrorWithOtherBytesOfTheSameLengthBringsNone() throws Exception {
        second.serve("/f", file(OTHER, "\"one\""));

        fetchWhole();

        assertThat(second.log()).hasSize(1);
        assertThat(second.bodyBytes()).isLessThanOrEqualTo(PROBE);
        assertThat(first.bodyBytes()).isGreaterThanOrEqualTo(BODY.length());
    }

    @Test
    void aMirrorThatDoesNotTellItsVersionBringsNone() throws Exception {
        second.serve("/f", Resource.of(BODY).etag(null));

        fetchWhole();

        assertThat(second.log()).hasSize(1);
    }

    @Test
    void aMirrorThatChangesOnTheWayIsLeft() throws Exception {
        var before = file(BODY, "\"two\"");
        var after = file(OTHER, "\"three\"");
        second.serve("/f", exchange -> (exchange.number() < 2 ? before : after).handle(exchange));

        fetchWhole();

        assertThat(rig.ingest.restarts()).isEmpty();
    }

    @Test
    void aMirrorThatStillHasTheOldVersionBringsNoneOfIt() throws Exception {
        var after = file(OTHER, "\"new\"");
        var before = file(BODY, "\"one\"");
        first.serve(
                "/f",
                exchange -> {
                    if (exchange.number() > 1) {
                        after.handle(exchange);
                        return;
                    }
                    exchange.cutAfter(4_000_000);
                    before.handle(exchange);
                });

        rig.fetch(first.uri("/f"), second.uri("/f"));

        assertThat(rig.ingest.bytes()).isIn(BODY.bytes(), OTHER.bytes());
    }

    @Test
    void aMirrorOfAnotherLengthIsLeftEvenWhereADigestIsPromised() throws Exception {
        rig.digestPromised();
        second.serve("/f", file(Body.random(12_000_001, 1), "\"one\""));

        fetchWhole();

        assertThat(first.bodyBytes()).isGreaterThanOrEqualTo(BODY.length());
    }

    @Test
    void aMirrorThatRefusesIsLeft() throws Exception {
        leaves(exchange -> exchange.answer(403, ""));
        leaves(exchange -> exchange.answer(503, "", "Retry-After: 600"));
        leaves(Exchange::reset);
        leaves(exchange -> exchange.answer(200, "<html>", "Content-Type: text/html"));
        leaves(Resource.of(BODY).withoutRanges());
    }

    private void leaves(Handler mirror) throws Exception {
        second.serve("/f", mirror);
        try (var other = new Rig(folder).connections(4).digestPromised()) {
            assertThat(other.fetch(first.uri("/f"), second.uri("/f")).end())
                    .isEqualTo(End.COMPLETE);
            assertThat(other.ingest.bytes()).isEqualTo(BODY.bytes());
            assertThat(other.ingest.restarts()).isEmpty();
        }
    }

    @Test
    void theOthersGoOnWhenTheFirstIsGone() throws Exception {
        rig.digestPromised();
        var file = file(BODY, "\"one\"");
        first.serve(
                "/f",
                exchange -> {
                    if (exchange.number() > 1) {
                        exchange.answer(404, "");
                        return;
                    }
                    exchange.cutAfter(4_000_000);
                    file.handle(exchange);
                });

        fetchWhole();

        assertThat(first.bodyBytes()).isLessThan(5_000_000);
    }

    @Test
    void aDeadLinkIsPassedAtOnce() throws Exception {
        first.close();

        fetchWhole();

        assertThat(second.log().get(0).header("range")).isEmpty();
    }

    @Test
    void whatOneLinkBroughtIsComparedBeforeAnotherGoesOn() throws Exception {
        rig.connections(1);
        first.serve("/f", exchange -> exchange.answer(404, ""));
        rig.ingest.with(
                new Identity(BODY.length(), new Validator("\"one\"", null, false, null), null),
                0,
                BODY.bytes(0, 6_000_000));

        fetchWhole();

        assertThat(second.log().get(0).from()).isEqualTo(6_000_000 - PROBE);
        assertThat(rig.ingest.restarts()).isEmpty();
    }

    @Test
    @DisplayName("RFC 6249: with a digest nothing needs to be compared")
    void addressesThatComeWithADigestNeedNoComparison() throws Exception {
        var digest = Base64.getEncoder().encodeToString(BODY.digest("SHA-256"));
        first.serve(
                "/f",
                file(BODY, "\"one\"")
                        .header("Repr-Digest", "sha-256=:" + digest + ":")
                        .header("Link", duplicate(second.uri("/f"))));

        rig.fetch(first.uri("/f"));

        var asked = second.log().get(0);
        assertThat(asked.last() + 1 - asked.from()).isGreaterThan(PROBE);
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    @DisplayName("S1: a public origin names no private mirror")
    void aPublicOriginReachesNoPrivateMirror() throws Exception {
        rig.trust(Trust.NETWORK);
        first.serve("/f", file(BODY, "\"one\"").header("Link", duplicate(second.uri("/f"))));

        rig.fetch(URI.create("http://origin.public:" + first.port() + "/f"));

        assertThat(second.connections()).isZero();
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    @DisplayName("S1: what a third party named is public, whoever trusts it")
    void aForeignLinkReachesNoPrivateAddress() throws Exception {
        var links =
                List.of(
                        DirectLink.of(first.uri("/f")),
                        new DirectLink(second.uri("/f"), Map.of(), true));
        var plan = new TransferPlan("t", links, false, -1, 4, 0, null, Trust.OPERATOR, null, true);

        Rig.await(rig.engine.start(plan, rig.ingest, rig.answers::add));

        assertThat(second.connections()).isZero();
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void whenAllAreGoneTheLastFaultCounts() throws Exception {
        first.serve("/f", exchange -> exchange.answer(404, ""));
        second.serve("/f", exchange -> exchange.answer(410, ""));

        var failure = rig.failure(first.uri("/f"), second.uri("/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.NOT_FOUND);
        assertThat(failure).hasMessageContaining(Integer.toString(second.port()));
    }
}
