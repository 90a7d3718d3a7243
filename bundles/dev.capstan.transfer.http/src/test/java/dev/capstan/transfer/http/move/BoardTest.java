package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.spi.RangeSet;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("P12: who fetches what")
class BoardTest {
    private static final long MIB = 1 << 20;

    private final Board board = new Board();

    @Property
    void everyMissingByteIsFetchedExactlyOnce(
            @ForAll long seed,
            @ForAll @LongRange(min = 1, max = 300 * MIB) long length,
            @ForAll @IntRange(min = 1, max = 8) int connections) {
        var random = new Random(seed);
        var tested = new Board();
        var fetched = RangeSet.EMPTY;
        for (var i = random.nextInt(4); i > 0; i--) {
            var from = random.nextLong(length);
            fetched = fetched.plus(from, from + 1 + random.nextLong(length - from));
        }
        tested.begin(length, fetched);
        tested.want(connections, random.nextBoolean());
        var active = new ArrayList<Part>();
        for (var step = 0; step < 100_000 && !tested.isComplete(); step++) {
            if (active.size() < connections && random.nextInt(3) == 0 || active.isEmpty()) {
                tested.enter();
                var demands =
                        random.nextInt(5) == 0 ? RangeSet.of(length - 1, length) : RangeSet.EMPTY;
                var part =
                        tested.take(
                                demands, RangeSet.EMPTY, Long.MAX_VALUE, random.nextLong(10 * MIB));
                if (part != null) {
                    active.add(part);
                }
            } else {
                var part = active.get(random.nextInt(active.size()));
                var at = part.position();
                var count = part.claim(1 + random.nextInt((int) (4 * MIB)));
                // Neither somebody else's nor a second time
                assertThat(fetched.missing(at, at + count)).isEqualTo(RangeSet.of(at, at + count));
                fetched = fetched.plus(at, at + count);
                tested.sample(0.1);
                var leaves = random.nextInt(10) == 0;
                if (leaves || (part.isDone() && !tested.extend(part, length))) {
                    tested.release(part, fetched);
                    tested.leave();
                    active.remove(part);
                }
            }
        }
        assertThat(fetched).isEqualTo(RangeSet.of(0, length));
        assertThat(tested.missing()).isZero();
    }

    @Test
    void oneConnectionOwnsAllThatIsMissing() {
        board.begin(1000 * MIB, RangeSet.EMPTY);

        var part = take(RangeSet.EMPTY);

        assertThat(part.remaining()).isEqualTo(1000 * MIB);
    }

    @Test
    void furtherOnesCutTheirPartsOffAheadFrontToBack() {
        board.begin(1000 * MIB, RangeSet.EMPTY);
        board.want(4, false);
        var parts = Stream.generate(() -> take(RangeSet.EMPTY)).limit(4).toList();

        for (var i = 1; i < 4; i++) {
            assertThat(parts.get(i).from()).isEqualTo(parts.get(i - 1).to());
        }
        for (var part : parts) {
            assertThat(part.remaining()).isBetween(8 * MIB, 64 * MIB);
        }
    }

    @Test
    void theFirstIsNotDisturbedByThoseOnTrial() {
        board.begin(1000 * MIB, RangeSet.EMPTY);
        board.want(4, true);
        var parts = Stream.generate(() -> take(RangeSet.EMPTY)).limit(4).toList();

        assertThat(parts.get(0).remaining()).isEqualTo(976 * MIB);
        assertThat(parts.get(3).from()).isEqualTo(parts.get(0).to());
        assertThat(parts.get(2).from()).isEqualTo(parts.get(3).to());
        assertThat(parts.get(1).from()).isEqualTo(parts.get(2).to());
    }

    @Test
    void ofTooManyTheSlowestGoes() {
        board.begin(100 * MIB, RangeSet.EMPTY);
        board.want(2, false);
        var slow = take(RangeSet.EMPTY);
        for (var i = 0; i < 9; i++) {
            slow.claim((int) MIB);
            board.sample(1);
        }
        board.want(1, false);
        board.enter();

        var relief = board.take(RangeSet.EMPTY, RangeSet.EMPTY, Long.MAX_VALUE, 10 * MIB);

        assertThat(relief).isNotNull();
        assertThat(relief.from()).isEqualTo(slow.to());
        assertThat(slow.remaining()).isLessThan(MIB);
        board.enter();
        assertThat(board.take(RangeSet.EMPTY, RangeSet.EMPTY, Long.MAX_VALUE, MIB)).isNull();
    }

    @Test
    void nobodyIsWithdrawnWhereAllIsOverSoon() {
        board.begin(10 * MIB, RangeSet.EMPTY);
        board.want(1, false);
        var slow = take(RangeSet.EMPTY);
        slow.claim((int) (6 * MIB));
        board.sample(2);
        board.enter();

        var helper = board.take(RangeSet.EMPTY, RangeSet.EMPTY, Long.MAX_VALUE, 3 * MIB);

        assertThat(helper).isNotNull();
        assertThat(helper.remaining()).isBetween(MIB, 3 * MIB);
    }

    @Test
    void theRestIsSharedAsTheSpeedsStand() {
        board.begin(10 * MIB, RangeSet.EMPTY);
        board.want(2, false);
        var slow = take(RangeSet.EMPTY);
        slow.claim((int) MIB);
        board.sample(1);
        board.enter();

        var fast = board.take(RangeSet.EMPTY, RangeSet.EMPTY, Long.MAX_VALUE, 8 * MIB);

        // The slow one keeps an eighth, as it is an eighth as fast; some of the rest stays free.
        assertThat(slow.remaining()).isBetween(MIB, 5 * MIB / 4);
        assertThat(fast.remaining()).isBetween(4 * MIB, 5 * MIB);
    }

    @Test
    void whoHasJustBegunIsNotSlowForThat() {
        board.begin(100 * MIB, RangeSet.EMPTY);
        board.want(3, true);
        var slow = take(RangeSet.EMPTY);
        for (var i = 0; i < 9; i++) {
            slow.claim((int) MIB);
            board.sample(1);
        }
        var young = take(RangeSet.EMPTY);

        var third = take(RangeSet.EMPTY);

        assertThat(third.to()).isEqualTo(young.from());
        assertThat(third.from()).isEqualTo(slow.to());
    }

    @Test
    @DisplayName("P11: a reader faster than each connection gets several side by side")
    void connectionsComeToTheSideOfASlowOneThatIsWaitedFor() {
        board.begin(100 * MIB, RangeSet.EMPTY);
        var slow = take(RangeSet.EMPTY);
        for (var tenth = 0; tenth < 10; tenth++) {
            slow.claim(13 << 10);
            board.sample(0.1);
        }
        board.enter();
        var upcoming = RangeSet.of(slow.position(), slow.position() + 2 * MIB);

        var second = board.take(RangeSet.EMPTY, upcoming, Long.MAX_VALUE, MIB);

        assertThat(slow.remaining()).isEqualTo(slow.strip()).isLessThan(MIB);
        assertThat(second.from()).isEqualTo(slow.to());
    }

    @Test
    void aConnectionWhoseSpeedIsKnownNeedsNotBeLookedAtAgainToShareItsPart() {
        board.begin(100 * MIB, RangeSet.EMPTY);
        board.want(2, false);
        board.enter();
        board.enter();
        var upcoming = RangeSet.of(0, 2 * MIB);
        var first = board.take(RangeSet.EMPTY, upcoming, Long.MAX_VALUE, 100_000);

        var second = board.take(RangeSet.EMPTY, upcoming, Long.MAX_VALUE, 100_000);

        assertThat(second.from()).isEqualTo(100_000).isEqualTo(first.to());
    }

    @Test
    void whatReadersComeToNextGoesBeforeTheFrontAndBehindWhatTheyWaitFor() {
        board.begin(100 * MIB, RangeSet.EMPTY);
        board.want(2, false);
        board.enter();
        board.enter();
        var upcoming = RangeSet.of(50 * MIB, 52 * MIB);

        var waitedFor = board.take(RangeSet.of(70 * MIB, 71 * MIB), upcoming, Long.MAX_VALUE, MIB);
        var next = board.take(RangeSet.EMPTY, upcoming, Long.MAX_VALUE, MIB);

        assertThat(waitedFor.from()).isEqualTo(70 * MIB);
        assertThat(next.from()).isEqualTo(50 * MIB);
    }

    @Test
    void inTheEndGameTheSlowestRemainderIsHalved() {
        board.begin(10 * MIB, RangeSet.EMPTY);
        board.want(2, false);
        var slow = take(RangeSet.EMPTY);
        slow.claim((int) MIB);
        board.sample(1);

        var helper = take(RangeSet.EMPTY);

        assertThat(helper.remaining()).isBetween(2 * MIB, 3 * MIB);
        assertThat(slow.to()).isEqualTo(helper.from());
    }

    @Property(tries = 100)
    void theLastPartsEndTogetherAndFewConnectionsAreLostForThat(
            @ForAll @IntRange(min = 2, max = 16) int connections,
            @ForAll @IntRange(min = 4, max = 40) int tenthsOfMibPerSecond,
            @ForAll long seed) {
        var crew = new ModelCrew(100 * MIB, connections, tenthsOfMibPerSecond * MIB / 10, seed);

        crew.run();

        assertThat(crew.idleSeconds()).isLessThan(0.35);
        assertThat(crew.lost()).isLessThanOrEqualTo(connections / 2 + 1);
        assertThat(crew.requests()).isLessThanOrEqualTo(12 * connections);
    }

    @Test
    void whatIsNearlyDoneIsLeftAlone() {
        board.begin(10 * MIB, RangeSet.EMPTY);
        board.want(2, false);
        var fast = take(RangeSet.EMPTY);
        fast.claim((int) (9 * MIB));
        board.sample(0.1);

        assertThat(take(RangeSet.EMPTY)).isNull();
        assertThat(board.workers()).isEqualTo(1);
    }

    @Test
    void demandGoesFirst() {
        board.begin(1000 * MIB, RangeSet.EMPTY);
        var first = take(RangeSet.EMPTY);
        var demand = RangeSet.of(900 * MIB, 900 * MIB + 10);

        assertThat(board.isUrgent(demand)).isTrue();
        var part = take(demand);

        assertThat(part.from()).isEqualTo(900 * MIB);
        assertThat(first.to()).isEqualTo(900 * MIB);
        assertThat(board.isUrgent(demand)).isFalse();
    }

    @Test
    void whatIsAboutToComeIsNotUrgent() {
        board.begin(1000 * MIB, RangeSet.EMPTY);
        take(RangeSet.EMPTY);

        assertThat(board.isUrgent(RangeSet.of(1000, 2000))).isFalse();
    }

    @Test
    void nothingBeyondTheHorizonIsHandedOut() {
        board.begin(100 * MIB, RangeSet.of(0, 10 * MIB));
        board.want(2, false);
        take(RangeSet.EMPTY);
        board.enter();

        assertThat(board.take(RangeSet.EMPTY, RangeSet.EMPTY, 5 * MIB, 0)).isNull();
    }

    private Part take(RangeSet demands) {
        board.enter();
        return board.take(demands, RangeSet.EMPTY, Long.MAX_VALUE, 0);
    }
}
