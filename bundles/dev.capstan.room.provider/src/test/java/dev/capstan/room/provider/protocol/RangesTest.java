package dev.capstan.room.provider.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.Trust;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.piece.MemberSource;
import dev.capstan.room.provider.piece.PieceListener;
import dev.capstan.room.provider.piece.PieceRange;
import dev.capstan.room.provider.piece.PieceWork;
import dev.capstan.room.provider.piece.Pieces;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** R13: what is not given, and how much at once. */
class RangesTest {
    private static final String PROMISED = "a".repeat(64);

    private final List<String> said = new ArrayList<>();
    private final List<Runnable> sent = new ArrayList<>();
    private final Party party = new Party(1, "ann", "bob", "cy", "di");
    private final Ranges.Line line =
            new Ranges.Line() {

                @Override
                public boolean isHere(String user) {
                    return !user.equals("di");
                }

                @Override
                public boolean say(
                        String user,
                        String type,
                        Map<String, String> fields,
                        byte[] content,
                        Runnable whenSent) {
                    said.add(type + " " + user + " " + content.length);
                    sent.add(whenSent);
                    return true;
                }
            };
    private final Fetcher store = new Fetcher(new Zeros(), Path.of("unused"));
    private final Ranges maker = ranges(true);

    @Test
    @DisplayName("R13: a digest that the configuration does not name is given to nobody")
    void unknownDigest() throws Exception {
        maker.wanted("bob", want("1", "ann", "b".repeat(64), "0", "10"));
        look(maker);

        assertThat(said).containsExactly("give bob 0");
        assertThat(store.reads.get()).isZero();
    }

    @Test
    @DisplayName("R13: who did not opt in gives nothing, and passes nothing on")
    void notOptedIn() throws Exception {
        var out = ranges(false);
        out.wanted("bob", want("1", "ann", PROMISED, "0", "10"));
        out.wanted("bob", want("2", "cy", PROMISED, "0", "10"));
        look(out);

        assertThat(said).containsExactly("give bob 0", "give bob 0");
        assertThat(store.reads.get()).isZero();
    }

    @Test
    @DisplayName("R13: two ranges for one member and four in all are under way, the rest follows")
    void bounded() throws Exception {
        for (var ask = 0; ask < 3; ask++) {
            for (var user : List.of("bob", "cy", "di2")) {
                maker.wanted(user, want(user + ask, "ann", PROMISED, "0", "10"));
            }
        }
        look(maker);
        assertThat(said)
                .containsExactlyInAnyOrder(
                        "give bob 10", "give cy 10", "give di2 10", "give bob 10");

        for (var left = 9; !sent.isEmpty(); left--) {
            assertThat(left).isPositive();
            sent.remove(0).run();
            look(maker);
        }
        assertThat(said).hasSize(9);
        assertThat(store.reads.get()).isEqualTo(9);
    }

    @Test
    @DisplayName("R13: only who was asked can answer, and who is away is asked for nothing")
    void answers() throws Exception {
        maker.wanted("bob", want("1", "cy", PROMISED, "0", "10"));
        maker.wanted("bob", want("2", "di", PROMISED, "0", "10"));
        look(maker);
        assertThat(said).containsExactlyInAnyOrder("want cy 0", "give bob 0");

        maker.given("bob", header(Map.of(Types.ASK, "1")), new byte[10]);
        look(maker);
        assertThat(said).hasSize(2);

        maker.given("cy", header(Map.of(Types.ASK, "1")), new byte[10]);
        look(maker);
        assertThat(said).hasSize(3).last().isEqualTo("give bob 10");
    }

    @Test
    @DisplayName("R13: a range that is none is no message")
    void malformed() {
        for (var range : List.of("-1 10", "0 0", "0 524289", "x 1", "0 99999999999")) {
            var parts = range.split(" ");
            assertThatThrownBy(
                            () ->
                                    maker.wanted(
                                            "bob", want("1", "ann", PROMISED, parts[0], parts[1])))
                    .as(range)
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> maker.given("bob", header(Map.of()), new byte[(512 << 10) + 1]))
                .isInstanceOf(MalformedException.class);
    }

    private Ranges ranges(boolean isOptedIn) {
        return new Ranges(
                new Board(party.config),
                "ann",
                "ann",
                isOptedIn ? store : null,
                Set.of(PROMISED),
                () -> {});
    }

    /** Twice: what was read at once is told the next time. */
    private void look(Ranges ranges) {
        ranges.tick(Instant.EPOCH, line);
        ranges.tick(Instant.EPOCH, line);
    }

    private static Header want(
            String ask, String holder, String piece, String from, String length) {
        return header(
                Map.of(
                        Types.ASK,
                        ask,
                        Types.HOLDER,
                        holder,
                        Types.PIECE,
                        piece,
                        Types.FROM,
                        from,
                        Types.LENGTH,
                        length));
    }

    private static Header header(Map<String, String> fields) {
        return new Header("room", "session", "user", 1, Types.WANT, fields);
    }

    /** Has every range of everything, and gives it at once. */
    private static final class Zeros implements Pieces {

        @Override
        public PieceWork start(
                String name,
                MatchLock.Engine engine,
                List<MatchLock.Piece> pieces,
                Path folder,
                Trust trust,
                @Nullable MemberSource members,
                PieceListener listener) {
            throw new AssertionError("Nothing is fetched here");
        }

        @Override
        public void read(PieceRange range, Consumer<byte[]> answer) {
            answer.accept(new byte[range.length()]);
        }
    }
}
