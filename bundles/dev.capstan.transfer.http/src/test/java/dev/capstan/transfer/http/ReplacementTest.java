package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult.End;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("P12: a slow connection is replaced")
class ReplacementTest {
    private static final Body BODY = Body.random(40_000_000, 1);
    private static final int FAST = 2_000_000;
    private static final int SLOW = 5_000;

    @TempDir Path folder;

    @Test
    void oneThatIsFarSlowerThanTheOthersMakesPlaceForAnother() throws Exception {
        var file = Resource.of(BODY).pace(FAST);
        try (var origin = Origin.plain();
                var rig = new Rig(folder).connections(4)) {
            origin.serve(
                    "/f",
                    exchange -> {
                        if (exchange.connection() == 2 && exchange.last() < BODY.length()) {
                            slowsDown(exchange);
                        } else {
                            file.handle(exchange);
                        }
                    });

            assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);

            assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
            // Else it would be at work to the end, on the last bytes that are not worth sharing.
            var slow =
                    origin.log().stream()
                            .filter(one -> one.connection() == 2)
                            .findFirst()
                            .orElseThrow();
            assertThat(slow.bodyBytes()).isBetween((long) FAST, FAST + 60_000L);
        }
    }

    /** Begins like the others, so that it was worth its while, and is slow then. */
    private static void slowsDown(Exchange exchange) throws IOException {
        var from = exchange.from();
        var to = exchange.last() + 1;
        exchange.pace(FAST);
        exchange.head(
                206,
                "ETag: \"v1\"",
                "Content-Range: bytes " + from + "-" + (to - 1) + "/" + BODY.length(),
                "Content-Length: " + (to - from));
        var turn = Math.min(to, from + FAST);
        exchange.send(BODY, from, turn);
        exchange.pace(SLOW);
        exchange.send(BODY, turn, to);
    }
}
