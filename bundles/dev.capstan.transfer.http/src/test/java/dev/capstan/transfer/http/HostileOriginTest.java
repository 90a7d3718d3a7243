package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the table of hostile origins cannot say, since it knows nothing but an address and a file:
 * public names, links that expire, and what an error or a result tells beside its class. All else
 * is in the integration tests, against the real store.
 */
class HostileOriginTest {
    private static final Body B = Body.random(700_003, 1);
    private static final long N = B.length();

    @TempDir Path folder;

    private Origin origin;
    private Rig rig;

    @BeforeEach
    void start() {
        origin = Origin.plain();
        rig = new Rig(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
        origin.close();
    }

    private static Resource file() {
        return Resource.of(B).header("Content-Type", "application/octet-stream");
    }

    private static Handler redirect(String to) {
        return exchange -> exchange.answer(302, "", "Location: " + to);
    }

    private void isWhole(TransferResult result) throws Exception {
        assertThat(result.end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes()).isEqualTo(B.bytes());
    }

    @ParameterizedTest(name = "row 26: {0}")
    @ValueSource(ints = {403, 410})
    void aLinkThatExpiresAtHalfIsAskedForAgain(int status) throws Exception {
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.number() == 1) {
                        exchange.cutAfter(N / 2);
                        file().handle(exchange);
                    } else {
                        exchange.answer(status, "no");
                    }
                });
        rig.expires();
        assertThat(rig.failure(origin.uri("/f")).errorClass()).isEqualTo(ErrorClass.LINK_EXPIRED);
        assertThat(rig.ingest.written()).as("kept").isEqualTo(N / 2);

        // The host gives a new one; its identity is checked.
        origin.serve("/new", file());
        isWhole(rig.fetch(origin.uri("/new")));
        assertThat(origin.log().get(2).bodyBytes()).isEqualTo(N - N / 2);
    }

    @ParameterizedTest(name = "row 30: {0}")
    @ValueSource(
            strings = {
                "localhost",
                "127.1",
                "2130706433",
                "0x7f.1",
                "0177.0.0.1",
                "localhost.",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "inside.test"
            })
    void noPublicNameLeadsInside(String inside) throws Exception {
        var port = origin.port();
        origin.serve("/f", redirect("http://" + inside + ":" + port + "/g"));
        origin.serve("/g", file());
        var failure = rig.failure(URI.create("http://a.public:" + port + "/f"));
        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(origin.log()).hasSize(1);
        assertThat(origin.connections()).isEqualTo(1);
    }

    /** Row 31. */
    @Test
    void credentialsStayOnTheirOriginAndAreNotGivenBackOnTheWayHome() throws Exception {
        var port = origin.port();
        origin.serve("/f", redirect("http://b.public:" + port + "/g"));
        origin.serve("/g", redirect("http://a.public:" + port + "/h"));
        origin.serve("/h", file());
        var headers = Map.of("Authorization", "Bearer x", "X-Own", "y", "Cookie", "c=1");
        isWhole(Rig.await(rig.start(headers, URI.create("http://u:p@a.public:" + port + "/f"))));
        var log = origin.log();
        assertThat(log.get(0).header("authorization")).hasValue("Bearer x");
        assertThat(log.get(0).header("cookie")).hasValue("c=1");
        for (var later : log.subList(1, 3)) {
            assertThat(later.header("authorization")).isEmpty();
            assertThat(later.header("x-own")).isEmpty();
            assertThat(later.header("cookie")).isEmpty();
        }
    }

    /** Row 29: what was redirected goes by the connection that is there. */
    @Test
    void redirectsOnTheSameOriginNeedOneConnection() throws Exception {
        for (var i = 0; i < 9; i++) {
            origin.serve("/h" + i, redirect("h" + (i + 1)));
        }
        origin.serve("/f", redirect("./h0"));
        origin.serve("/h9", file());
        isWhole(rig.fetch(origin.uri("/f")));
        assertThat(origin.connections()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "401, ACCOUNT, UNAUTHORIZED",
        "403, ACCOUNT, NONE",
        "404, NOT_FOUND, NONE",
        "410, NOT_FOUND, NONE",
        "451, NOT_FOUND, NONE"
    })
    void aRefusalSaysWhatItWas(int status, ErrorClass errorClass, Detail detail) throws Exception {
        origin.serve("/f", exchange -> exchange.answer(status, "no"));
        var failure = rig.failure(origin.uri("/f"));
        assertThat(failure.errorClass()).isEqualTo(errorClass);
        assertThat(failure.detail()).isEqualTo(detail);
        assertThat(failure).hasMessageContaining(status + "");
    }

    /** Row 24. */
    @Test
    void aPauseOfYearsIsBounded() throws Exception {
        origin.serve("/f", exchange -> exchange.answer(429, "", "Retry-After: 1000000000"));
        assertThat(rig.failure(origin.uri("/f")).retryAfter()).hasValue(Duration.ofHours(1));
    }

    /** Row 27. */
    @Test
    void tooSlowIsCalledTooSlow() throws Exception {
        origin.serve(
                "/f",
                exchange -> {
                    exchange.head(200, "Content-Length: " + N);
                    exchange.pace(10);
                    exchange.send(B, 0, N);
                });
        assertThat(rig.failure(origin.uri("/f")).detail()).isEqualTo(Detail.TOO_SLOW);
    }

    @ParameterizedTest(name = "row 24: {0}")
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void attemptsAreCounted(int status) throws Exception {
        origin.serve("/f", exchange -> exchange.answer(status, "wait"));
        assertThat(rig.failure(origin.uri("/f")).errorClass().isRetryable()).isTrue();
        assertThat(origin.log()).hasSize(4);
    }

    /** Row 33. */
    @Test
    void connectionsThatCloseAtOnceAreCountedToo() throws Exception {
        origin.serve("/f", Exchange::cut);
        assertThat(rig.failure(origin.uri("/f")).errorClass()).isEqualTo(ErrorClass.NETWORK);
        assertThat(origin.log()).hasSize(4);
    }

    /** Row 17. */
    @Test
    void theListenerHearsOfTheNewVersion() throws Exception {
        var other = Body.random(N, 2);
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.number() == 1) {
                        exchange.cutAfter(N / 2);
                        file().handle(exchange);
                    } else {
                        Resource.of(other).etag("\"v2\"").handle(exchange);
                    }
                });
        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes()).isEqualTo(other.bytes());
        assertThat(rig.ingest.identity().validator().etag()).isEqualTo("\"v2\"");
        assertThat(rig.answers).hasSize(2);
    }

    @ParameterizedTest(name = "row 36: {0}")
    @ValueSource(strings = {"Repr-Digest", "Digest", "Content-MD5", "x-goog-hash"})
    void digestsInFieldsAreTold(String field) throws Exception {
        var base64 = Base64.getEncoder();
        var sha = base64.encodeToString(B.digest("SHA-256"));
        var md5 = base64.encodeToString(B.digest("MD5"));
        var values =
                Map.of(
                        "Repr-Digest", "sha-256=:" + sha + ":",
                        "Digest", "SHA-256=" + sha,
                        "Content-MD5", md5,
                        "x-goog-hash", "crc32c=AAAAAA==,md5=" + md5);
        origin.serve("/f", file().header(field, values.get(field)));
        var told = rig.fetch(origin.uri("/f")).digests();
        assertThat(told)
                .containsExactly(
                        values.get(field).contains(sha)
                                ? Digest.of("sha-256", B.digest("SHA-256"))
                                : Digest.of("md5", B.digest("MD5")));
    }

    /** Row 38: near the end of what 32 bits cannot count, without the bytes before. */
    @Test
    void fiveGibibytesGoOnNearTheirEnd() throws Exception {
        var huge = Body.random(5L << 30, 3);
        var from = huge.length() - 200_000;
        origin.serve("/f", Resource.of(huge));
        var version = new Validator("\"v1\"", null, false, null);
        rig.ingest.pretend(new Identity(huge.length(), version, null), 0, from);
        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes(from, huge.length()))
                .isEqualTo(huge.bytes(from, huge.length()));
        assertThat(origin.bodyBytes()).isEqualTo(200_000);
    }
}
