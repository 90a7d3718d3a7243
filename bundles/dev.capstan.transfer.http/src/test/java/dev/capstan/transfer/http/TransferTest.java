package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult.End;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
}
