package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.download.Trust;
import dev.capstan.tck.Body;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult.End;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("RFC 6249: an answer names the Metalink document that describes its file")
class DescriptionTest {
    private static final Body BODY = Body.random(6_000_000, 1);
    private static final Body SMALL = Body.random(500_000, 2);
    private static final int PIECE = 1_000_000;

    @TempDir Path folder;

    private final Origin first = Origin.plain();
    private final Origin second = Origin.plain();
    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
        first.close();
        second.close();
    }

    @Test
    void itsAddressesAndItsDigestAreUsed() throws Exception {
        rig = new Rig(folder).connections(4);
        var digest = HexFormat.of().formatHex(BODY.digest("SHA-256"));
        serve(BODY, 1_000_000, "<hash type='sha-256'>" + digest + "</hash>" + second());
        second.serve("/f", Resource.of(BODY).etag(null).pace(1_000_000));

        var result = rig.fetch(first.uri("/f"));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(result.digests()).contains(Digest.sha256(digest));
        // Without a version of its own it could not be compared: the digest stands for it.
        assertThat(second.bodyBytes()).isGreaterThan(500_000);
        assertThat(first.log().stream().filter(e -> e.target().equals("/f.meta4"))).hasSize(1);
    }

    @Test
    void whatIsDamagedBesideItsPiecesIsFetchedAgain() throws Exception {
        rig = new Rig(folder).connections(1);
        serve(BODY, 6_000_000, "<size>6000000</size>" + pieces());
        var sound = Resource.of(BODY).etag("\"v\"").header("Link", link()).pace(6_000_000);
        var bad = BODY.bytes().clone();
        bad[PIECE + 5]++;
        var damaged =
                Resource.of(Body.of(bad)).etag("\"v\"").header("Link", link()).pace(6_000_000);
        first.serve("/f", e -> (e.header("range").isPresent() ? sound : damaged).handle(e));

        assertThat(rig.fetch(first.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    static Stream<Arguments> documents() {
        var digest = "<hash type='sha-256'>" + "ab".repeat(32) + "</hash>";
        return Stream.of(
                one("not there", exchange -> exchange.answer(404, "")),
                one("no XML", exchange -> exchange.answer(200, "<html>")),
                one("S11: an entity", exchange -> exchange.answer(200, ENTITY + document(digest))),
                one(
                        "too long",
                        exchange -> exchange.answer(200, document(digest + " ".repeat(1_100_000)))),
                one("no answer", exchange -> exchange.stall()),
                one(
                        "another size",
                        exchange -> exchange.answer(200, document("<size>7</size>" + digest))),
                one(
                        "two files",
                        exchange ->
                                exchange.answer(200, document(digest + "</file><file name='b'>"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    @DisplayName("one that is of no use does no harm")
    void oneOfNoUseDoesNoHarm(String what, Handler document) throws Exception {
        rig = new Rig(folder);
        first.serve("/f", Resource.of(SMALL).etag("\"v\"").header("Link", link()).pace(1_500_000));
        first.serve("/f.meta4", document);

        var result = rig.fetch(first.uri("/f"));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.digests()).isEmpty();
        assertThat(rig.ingest.bytes()).isEqualTo(SMALL.bytes());
        assertThat(first.log()).as("it was asked for").hasSize(2);
    }

    @Test
    @DisplayName("S1: a public origin has nothing private read")
    void aPublicOriginHasNothingPrivateRead() throws Exception {
        rig = new Rig(folder).trust(Trust.NETWORK);
        var elsewhere = "<" + second.uri("/f.meta4") + ">; rel=describedby; type=\"" + TYPE + '"';
        first.serve(
                "/f", Resource.of(SMALL).etag("\"v\"").header("Link", elsewhere).pace(1_500_000));

        rig.fetch(URI.create("http://origin.public:" + first.port() + "/f"));

        assertThat(second.connections()).isZero();
        assertThat(rig.ingest.bytes()).isEqualTo(SMALL.bytes());
    }

    private static final String ENTITY = "<!DOCTYPE m [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>";
    private static final String TYPE = "application/metalink4+xml";

    private void serve(Body body, int speed, String inside) {
        first.serve("/f", Resource.of(body).etag("\"v\"").header("Link", link()).pace(speed));
        first.serve("/f.meta4", exchange -> exchange.answer(200, document(inside)));
    }

    private static String link() {
        return "</f.meta4>; rel=\"describedby\"; type=\"" + TYPE + '"';
    }

    private String second() {
        return "<url>" + second.uri("/f") + "</url>";
    }

    private static String pieces() throws Exception {
        var text = new StringBuilder("<pieces length='" + PIECE + "' type='sha-256'>");
        for (var at = 0; at < BODY.length(); at += PIECE) {
            var piece = Body.of(Arrays.copyOfRange(BODY.bytes(), at, at + PIECE));
            text.append("<hash>")
                    .append(HexFormat.of().formatHex(piece.digest("SHA-256")))
                    .append("</hash>");
        }
        return text + "</pieces>";
    }

    private static String document(String inside) {
        return "<metalink xmlns='urn:ietf:params:xml:ns:metalink'><file name='a'>"
                + inside
                + "</file></metalink>";
    }

    private static Arguments one(String what, Handler document) {
        return Arguments.of(what, document);
    }
}
