package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.Pieces;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult.End;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Pieces whose digests are known")
class PiecesTest {
    private static final int LENGTH = 6_300_000;
    private static final int PIECE = 1 << 20;
    private static final Body BODY = Body.random(LENGTH, 1);

    @TempDir Path folder;

    private final Origin first = Origin.plain();
    private final Origin second = Origin.plain();
    private Rig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new Rig(folder).digestPromised().pieces(pieces());
    }

    @AfterEach
    void close() {
        rig.close();
        first.close();
        second.close();
    }

    @Test
    void aWholeFileNeedsNothingMore() throws Exception {
        first.serve("/f", Resource.of(BODY));

        assertThat(rig.fetch(first.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(first.log()).hasSize(1);
    }

    @Test
    void aDamagedPieceAloneIsFetchedAgain() throws Exception {
        first.serve("/f", damagedAt(2, 1));

        assertThat(rig.fetch(first.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(first.log()).hasSize(2);
        assertThat(first.log().get(1).header("range"))
                .hasValue("bytes=" + 2 * PIECE + "-" + (3 * PIECE - 1));
    }

    @Test
    void theLastAndShorterPieceToo() throws Exception {
        first.serve("/f", damagedAt(6, 1));

        rig.fetch(first.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(first.bodyBytes()).isEqualTo(LENGTH + LENGTH - 6 * PIECE);
    }

    @Test
    void aPieceThatStaysWrongIsNamed() throws Exception {
        first.serve("/f", damagedAt(2, Integer.MAX_VALUE));

        var failure = rig.failure(first.uri("/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.CHECKSUM);
        assertThat(failure).hasMessageContaining("2097152 to 3145727");
        assertThat(first.log()).hasSize(2);
    }

    @Test
    void aMirrorThatBringsDamageIsLeft() throws Exception {
        first.serve("/f", damagedAt(2, Integer.MAX_VALUE));
        second.serve("/f", Resource.of(BODY).etag("\"two\""));

        rig.fetch(first.uri("/f"), second.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(second.log()).hasSize(1);
        assertThat(second.bodyBytes()).isEqualTo(PIECE);
    }

    @Test
    void withManyConnectionsDamageIsMendedToo() throws Exception {
        rig.connections(4);
        first.serve("/f", Resource.of(damaged(1)).etag("\"bad\"").pace(2_000_000));
        second.serve("/f", Resource.of(BODY).etag("\"good\"").pace(2_000_000));

        rig.fetch(first.uri("/f"), second.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void whatAnEarlierRunLeftIsVerifiedToo() throws Exception {
        first.serve("/f", Resource.of(BODY));
        rig.ingest.with(
                new Identity(LENGTH, new Validator("\"v1\"", null, false, null), null),
                0,
                damaged(0).bytes(0, 4 * PIECE));

        rig.fetch(first.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(first.bodyBytes()).isEqualTo(LENGTH - 3 * PIECE);
    }

    @Test
    void piecesOfAnotherFileAreNotBelieved() throws Exception {
        first.serve("/f", Resource.of(Body.random(10 * PIECE, 5)));

        assertThat(rig.fetch(first.uri("/f")).end()).isEqualTo(End.COMPLETE);
    }

    /** Serves one piece wrong for the first answers. */
    private static Handler damagedAt(int piece, int answers) {
        var good = Resource.of(BODY);
        var bad = Resource.of(damaged(piece));
        return exchange -> (exchange.number() <= answers ? bad : good).handle(exchange);
    }

    private static Body damaged(int piece) {
        var bytes = BODY.bytes();
        bytes[piece * PIECE + 1000] ^= 1;
        return Body.of(bytes);
    }

    private static Pieces pieces() throws Exception {
        var digests = new ArrayList<Digest>();
        var sha256 = MessageDigest.getInstance("SHA-256");
        for (var from = 0; from < LENGTH; from += PIECE) {
            var piece = BODY.bytes(from, Math.min(LENGTH, from + PIECE));
            digests.add(Digest.of("sha-256", sha256.digest(piece)));
        }
        return new Pieces(PIECE, digests);
    }
}
