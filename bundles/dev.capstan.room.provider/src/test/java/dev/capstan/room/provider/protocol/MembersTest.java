package dev.capstan.room.provider.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.MatchLock.Archive;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.piece.PieceHost;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R13: pieces from members, between hosts with queues and stores of their own. */
@Timeout(120)
class MembersTest {
    private static final AtomicInteger SEED = new AtomicInteger(1_300);
    private static PieceHost first;
    private static PieceHost second;
    private static PieceHost third;

    private final Body body = Body.random(1_300_000, SEED.incrementAndGet());
    private final Origin origin = Origin.plain();
    private Party party;
    private Party.@Nullable Host maker;
    private Fetcher ann;
    private Fetcher bob;
    private Fetcher cy;
    @TempDir private Path temp;

    @BeforeAll
    static void startHosts() {
        first = new PieceHost();
        second = new PieceHost();
        third = new PieceHost();
    }

    @AfterAll
    static void stopHosts() throws Exception {
        for (var host : List.of(first, second, third)) {
            host.close();
        }
    }

    @BeforeEach
    void setUp() {
        origin.serve("/good", Resource.of(body));
        var piece =
                new Piece(
                        "p",
                        null,
                        null,
                        null,
                        List.of(origin.uri("/good").toString()),
                        body.sha256(),
                        -1,
                        Archive.NONE,
                        null);
        party = new Party(List.of(piece), "ann", "bob", "cy");
        ann = fetcher("ann", first);
        bob = fetcher("bob", second);
        cy = fetcher("cy", third);
    }

    @AfterEach
    void tearDown() throws Exception {
        party.close();
        origin.close();
    }

    @Test
    @DisplayName("R13: two who opt in and come late have it from the first, who alone fetched it")
    void fetchedOnce() throws Exception {
        var maker = enter("ann", true);
        finished(maker);

        var late = List.of(enter("bob", true), enter("cy", true));

        for (var host : late) {
            var folder = host.result().get("p");
            assertThat(folder.resolve("good")).hasBinaryContent(body.bytes());
        }
        assertThat(fetched()).isEqualTo(body.length());
        assertThat(ann.reads.get() + bob.reads.get() + cy.reads.get()).isEqualTo(2 * 3);
    }

    @Test
    @DisplayName("R13: what the maker does not have comes through it from another member")
    void relayed() throws Exception {
        party.fetchers.remove("ann");
        enter("ann", true);
        finished(enter("bob", true));

        finished(enter("cy", true));

        assertThat(fetched()).isEqualTo(body.length());
        assertThat(bob.reads.get()).isEqualTo(3);
    }

    @Test
    @DisplayName("R13: wrong bytes are thrown away, and who gave them is not asked again")
    void wrongBytes() throws Exception {
        ann.giving =
                bytes -> {
                    bytes[bytes.length - 1] ^= 1;
                    return bytes;
                };
        finished(enter("ann", true));
        var items = second.contents.usage().items();

        finished(enter("bob", true));

        assertThat(second.contents.usage().items()).isEqualTo(items + 1);
        assertThat(second.contents.find(Digest.sha256(body.sha256()))).isPresent();
        assertThat(ann.reads.get()).isEqualTo(3);
        assertThat(fetched()).isEqualTo(2L * body.length());
    }

    @Test
    @DisplayName("R13: one who vanishes in the middle leaves nothing, and the links are taken")
    void vanished() throws Exception {
        party.fetchers.remove("ann");
        enter("ann", true);
        var giver = enter("bob", true);
        finished(giver);
        bob.giving =
                bytes -> {
                    if (bob.reads.get() > 1) {
                        giver.session.close();
                    }
                    return bytes;
                };

        finished(enter("cy", true));

        assertThat(fetched()).isEqualTo(2L * body.length());
        assertThat(bob.reads.get()).isBetween(2, 3);
    }

    @Test
    @DisplayName("R13: who did not opt in neither gives nor asks")
    void notOptedIn() throws Exception {
        finished(enter("ann", false));

        finished(enter("bob", true));
        assertThat(ann.reads.get()).isZero();

        finished(enter("cy", false));
        assertThat(bob.reads.get()).isZero();
        assertThat(fetched()).isEqualTo(3L * body.length());
    }

    private Fetcher fetcher(String user, PieceHost host) {
        var made = new Fetcher(host.fetcher, temp.resolve(user));
        party.fetchers.put(user, made);
        return made;
    }

    private Party.Host enter(String user, boolean fromMembers) {
        var host = party.join(user, request -> request.fromMembers(fromMembers));
        Party.await(user + " is in", () -> Party.isOpen(host));
        if (maker == null) {
            maker = host;
        }
        return host;
    }

    /** And the maker, who comes first, knows it: it tells whoever comes later. */
    private void finished(Party.Host host) {
        Party.await(
                "the maker knows that " + host.user + " has it",
                () -> {
                    var piece = Objects.requireNonNull(maker).sees(host.user, "p");
                    assertThat(piece.status()).as(String.valueOf(piece)).isNotEqualTo(Status.ERROR);
                    return piece.status() == Status.FINISHED;
                });
    }

    private long fetched() {
        return exchanges().mapToLong(Exchange::bodyBytes).sum();
    }

    private Stream<Exchange> exchanges() {
        return origin.log().stream();
    }
}
