package dev.capstan.admin.rest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.ContentLink;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final URI BASE = URI.create("http://127.0.0.1:8181/");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ID = "01KAB3CDEFGHJKMNPQRSTVWXYZ";

    private Instant now = START;
    private final Links links =
            new Links(
                    BASE,
                    Duration.ofMinutes(10),
                    ((InstantSource) () -> now).withZone(ZoneOffset.UTC));

    private static String key(ContentLink link) {
        return link.uri().getPath().substring(Links.PATH.length());
    }

    @Test
    void aLinkLeadsToWhatItWasMadeFor() {
        assertThat(links.target(key(links.ofDownload(ID))))
                .contains(new Target(ID, -1, START.plusSeconds(600)));
        assertThat(links.target(key(links.ofTrack(ID, 3))))
                .contains(new Target(ID, 3, START.plusSeconds(600)));
    }

    @Test
    void aLinkWorksUntilItExpires() {
        var link = links.ofDownload(ID);

        now = link.expires().minusMillis(1);
        assertThat(links.target(key(link))).isPresent();
        now = link.expires();
        assertThat(links.target(key(link))).isEmpty();
    }

    @Test
    void noCharacterOfALinkCanBeChanged() {
        var key = key(links.ofDownload(ID));

        for (int i = 0; i < key.length(); i++) {
            var other = key.charAt(i) == 'A' ? 'Q' : 'A';
            var changed = key.substring(0, i) + other + key.substring(i + 1);
            assertThat(links.target(changed)).as(changed).isEmpty();
        }
        assertThat(links.target("")).isEmpty();
        assertThat(links.target("../../token")).isEmpty();
        assertThat(links.target("A".repeat(100_000))).isEmpty();
    }

    @Test
    void aLinkOfAnotherHostIsNone() {
        var other = new Links(BASE, Duration.ofMinutes(10), Clock.systemUTC());

        assertThat(links.target(key(other.ofDownload(ID)))).isEmpty();
    }

    @Test
    void whatIsPrintedOfALinkHasNoKeyInIt() {
        var link = links.ofDownload(ID);

        assertThat(link.toString()).doesNotContain(key(link)).contains("2026-01-01T00:10:00Z");
    }

    @Test
    void theSecretPartOfAKeyIs128Bits() {
        var secrets = new HashSet<String>();
        IntStream.range(0, 1000)
                .forEach(track -> secrets.add(key(links.ofTrack(ID, track)).substring(0, 21)));

        assertThat(secrets).hasSize(1000);
    }
}
