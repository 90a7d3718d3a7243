package dev.capstan.transfer.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult.End;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transfer does with an origin that means well. */
class TransferTest {
    private static final Body BODY = Body.random(3_000_017, 1);

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
        origin.close();
    }

    @Test
    void fetchesAWholeFileWithOneRequestWithoutRange() throws Exception {
        origin.serve("/f", Resource.of(BODY).header("Content-Type", "video/mp4; x=y"));

        var result = rig.fetch(origin.uri("/f"));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(result.lengthVerified()).isTrue();
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log()).hasSize(1);
        assertThat(origin.log().get(0).header("range")).isEmpty();
        assertThat(origin.log().get(0).header("accept-encoding")).hasValue("identity");
        assertThat(rig.ingest.identity())
                .isEqualTo(
                        new Identity(
                                BODY.length(),
                                new Validator("\"v1\"", null, false, null),
                                "video/mp4"));
    }

    @Test
    void fetchesOverTls() throws Exception {
        try (var secure = Origin.tls()) {
            secure.serve("/f", Resource.of(BODY));

            assertThat(rig.fetch(secure.uri("/f")).end()).isEqualTo(End.COMPLETE);

            assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        }
    }

    @Test
    void fetchesChunksAndLearnsTheLengthAtTheEnd() throws Exception {
        origin.serve("/f", Resource.of(BODY).chunked());

        var result = rig.fetch(origin.uri("/f"));

        assertThat(result.lengthVerified()).isTrue();
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(rig.ingest.identity().length()).isEqualTo(BODY.length());
    }

    @Test
    void whatTellsThatItIsTooBigIsRefusedBeforeTheBody() throws Exception {
        origin.serve("/f", Resource.of(BODY));

        var failure = rig.maxBytes(BODY.length() - 1).failure(origin.uri("/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(failure.detail()).isEqualTo(Detail.TOO_BIG);
        assertThat(origin.log()).hasSize(1);
        assertThat(rig.ingest.downloaded()).isZero();
        assertThat(rig.answers).isEmpty();
    }

    @Test
    void whatTellsNoLengthIsStoppedABlockBehindTheLimit() throws Exception {
        var most = 1_000_000;
        origin.serve("/f", Resource.of(Body.random(30_000_000, 2)).chunked());

        var failure = rig.maxBytes(most).failure(origin.uri("/f"));

        assertThat(failure.detail()).isEqualTo(Detail.TOO_BIG);
        assertThat(origin.log()).hasSize(1);
        assertThat(rig.ingest.downloaded()).isBetween((long) most, most + (1L << 20));
    }

    @Test
    void whatIsAsBigAsItMayBeIsFetched() throws Exception {
        origin.serve("/f", Resource.of(BODY).chunked());

        var result = rig.maxBytes(BODY.length()).fetch(origin.uri("/f"));

        assertThat(result.end()).isEqualTo(End.COMPLETE);
    }

    @Test
    void tellsNameDigestsAndRangesBeforeTheFirstByte() throws Exception {
        var sha256 = BODY.digest("SHA-256");
        origin.serve(
                "/f",
                Resource.of(BODY)
                        .header("Content-Disposition", "attachment; filename=\"../../a b.mkv\"")
                        .header(
                                "Repr-Digest",
                                "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":"));

        var result = rig.fetch(origin.uri("/f"));

        assertThat(rig.answers).hasSize(1);
        var answer = rig.answers.get(0);
        assertThat(answer.name()).isEqualTo("a b.mkv");
        assertThat(answer.ranges()).isTrue();
        assertThat(answer.digests()).containsExactly(Digest.of("sha-256", sha256));
        assertThat(result.digests()).isEqualTo(answer.digests());
    }

    @Test
    void movesNoBodyForAVersionThatIsKnown() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.known(new Validator("\"v1\"", null, false, null));

        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.NOT_MODIFIED);

        assertThat(origin.log()).extracting(Exchange::status).containsExactly(304);
        assertThat(rig.ingest.written()).isZero();
    }

    @Test
    void resumesFromTheFirstMissingByteUnderIfRange() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        var half = BODY.length() / 2;
        rig.ingest.with(
                new Identity(BODY.length(), new Validator("\"v1\"", null, false, null), null),
                0,
                BODY.bytes(0, half));

        rig.fetch(origin.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log()).hasSize(1);
        assertThat(origin.log().get(0).header("range"))
                .hasValue("bytes=" + half + "-" + (BODY.length() - 1));
        assertThat(origin.log().get(0).header("if-range")).hasValue("\"v1\"");
        assertThat(origin.bodyBytes()).isEqualTo(BODY.length() - half);
    }

    @Test
    void fillsGapsWithEachByteOnce() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        var identity =
                new Identity(BODY.length(), new Validator("\"v1\"", null, false, null), null);
        for (var i = 0; i < 5; i++) {
            rig.ingest.with(
                    identity, i * 600_000L, BODY.bytes(i * 600_000L, i * 600_000L + 300_000));
        }

        rig.fetch(origin.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.bodyBytes()).isEqualTo(BODY.length() - 5 * 300_000);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void refusesASizeThatWasNotPromisedBeforeTheFirstByte() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.size(17);

        var failure = rig.failure(origin.uri("/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.CHECKSUM);
        assertThat(rig.ingest.written()).isZero();
        assertThat(rig.answers).isEmpty();
    }

    @Test
    void keepsAnEmptyFile() throws Exception {
        origin.serve("/f", Resource.of(Body.of(new byte[0])));

        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.identity().length()).isZero();
    }

    @Test
    void goesToTheNextLinkWhenTheFirstIsGone() throws Exception {
        origin.serve("/g", Resource.of(BODY));

        rig.fetch(origin.uri("/f"), origin.uri("/g"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void fullDiskEndsItAtOnce() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.ingest.failAfter(1_000_000);

        assertThat(rig.failure(origin.uri("/f")).errorClass()).isEqualTo(ErrorClass.DISK_FULL);

        assertThat(origin.log()).hasSize(1);
    }

    @Test
    void anErrorOfTheListenerEndsItBeforeTheFirstByte() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        var plan = rig.plan(origin.uri("/f"), origin.uri("/f"));
        var transfer =
                rig.engine.start(
                        plan,
                        rig.ingest,
                        answer -> {
                            throw new DownloadException(ErrorClass.UNAVAILABLE, "not now");
                        });

        assertThatThrownBy(() -> Rig.await(transfer)).hasMessage("not now");

        assertThat(origin.log()).hasSize(1);
        assertThat(rig.ingest.written()).isZero();
    }

    @Test
    @DisplayName("S1: a link from elsewhere reaches no private address unless that is opened")
    void guardsPrivateAddresses() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.trust(Trust.NETWORK);

        for (var host : List.of("127.0.0.1", "127.1", "localhost", "inside.test", "[::1]")) {
            var failure = rig.failure(at(host, "/f"));
            assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
            assertThat(failure).hasMessageContaining("private");
        }
        assertThat(origin.connections()).isZero();

        rig.engine.change(Rig.open(false, "inside.test"));
        assertThat(rig.failure(at("127.1", "/f")).errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(rig.fetch(at("inside.test", "/f")).end()).isEqualTo(End.COMPLETE);
    }

    @Test
    void theConfigurationMayOpenPrivateNetworks() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.trust(Trust.NETWORK);
        rig.engine.change(Rig.open(true));

        assertThat(rig.fetch(at("127.1", "/f")).end()).isEqualTo(End.COMPLETE);
    }

    @Test
    void redirectsFromPrivateToPrivateAreTheOperatorsOwn() throws Exception {
        origin.serve(
                "/f", exchange -> exchange.answer(302, "", "Location: " + at("inside.test", "/g")));
        origin.serve("/g", Resource.of(BODY));

        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);
    }

    @Test
    void aRedirectThatNoLongerHoldsIsAskedForAgain() throws Exception {
        var file = Resource.of(BODY);
        origin.serve(
                "/f",
                exchange -> exchange.answer(302, "", "Location: /signed" + exchange.number()));
        origin.serve(
                "/signed1",
                exchange -> {
                    if (exchange.number() > 1) {
                        exchange.answer(403, "too late");
                        return;
                    }
                    exchange.cutAfter(1_000_000);
                    file.handle(exchange);
                });
        origin.serve("/signed2", file);

        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.bodyBytes()).isLessThan(BODY.length() + 100);
    }

    @Test
    @DisplayName("9: a cookie that a redirect sets is sent to its host only")
    void keepsCookiesForItsOwnTime() throws Exception {
        origin.serve(
                "/f", exchange -> exchange.answer(302, "", "Set-Cookie: pass=1", "Location: /g"));
        origin.serve(
                "/g", exchange -> exchange.answer(302, "", "Location: " + at("inside.test", "/h")));
        origin.serve("/h", Resource.of(BODY));

        rig.fetch(origin.uri("/f"));

        assertThat(origin.log().get(1).header("cookie")).hasValue("pass=1");
        assertThat(origin.log().get(2).header("cookie")).isEmpty();
    }

    @Test
    void userInformationBecomesCredentials() throws Exception {
        var file = Resource.of(BODY);
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.header("authorization").isEmpty()) {
                        exchange.answer(401, "", "WWW-Authenticate: Basic realm=\"here\"");
                    } else {
                        file.handle(exchange);
                    }
                });

        rig.fetch(URI.create("http://us%40er:p+w@127.0.0.1:" + origin.port() + "/f"));

        assertThat(origin.log().get(1).header("authorization"))
                .hasValue(
                        "Basic " + Base64.getEncoder().encodeToString("us@er:p+w".getBytes(UTF_8)));
    }

    @Test
    void aCertificateThatIsNotTrustedIsRefused() throws Exception {
        try (var secure = Origin.tls()) {
            secure.serve("/f", Resource.of(BODY));

            var failure = rig.failure(URI.create("https://other.test:" + secure.port() + "/f"));

            assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
            assertThat(failure).hasMessageContaining("certificate");
            assertThat(secure.log()).isEmpty();
        }
    }

    @Test
    void aNameThatDoesNotExistIsToldAtOnce() throws Exception {
        var failure = rig.failure(URI.create("http://nothing.invalid/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.NETWORK);
        assertThat(failure.detail()).isEqualTo(Detail.NAME_NOT_RESOLVED);
    }

    @Test
    void aPortThatIsClosedIsTriedAgain() throws Exception {
        var gone = Origin.plain();
        var uri = gone.uri("/f");
        gone.close();

        var failure = rig.failure(uri);

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.NETWORK);
        assertThat(failure).hasMessageContaining(gone.port() + " refuses connections");
    }

    @Test
    void noMessageHoldsASecret() throws Exception {
        for (var status : List.of(401, 403, 404, 500, 200)) {
            origin.serve("/secret" + status, exchange -> exchange.answer(status, "secret"));
            var uri =
                    URI.create(
                            "http://u:secret@127.0.0.1:%d/secret%d?t=secret"
                                    .formatted(origin.port(), status));

            var failure = rig.size(17).failure(uri);

            for (Throwable next = failure; next != null; next = next.getCause()) {
                assertThat(next.toString()).doesNotContain("secret");
            }
        }
    }

    private URI at(String host, String path) {
        return URI.create("http://" + host + ":" + origin.port() + path);
    }
}
