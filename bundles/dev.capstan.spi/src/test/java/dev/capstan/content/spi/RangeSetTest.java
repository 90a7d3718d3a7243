package dev.capstan.content.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** RangeSet is compared with a bit for each byte, which cannot be wrong. */
class RangeSetTest {
    private static final int SIZE = 64;

    private record Step(boolean adds, int from, int to) {}

    private record Pair(RangeSet set, BitSet bits) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        var bound = Arbitraries.integers().between(0, SIZE);
        return Combinators.combine(Arbitraries.of(true, true, false), bound, bound)
                .as((adds, a, b) -> new Step(adds, Math.min(a, b), Math.max(a, b)))
                .list()
                .ofMaxSize(24);
    }

    private static Pair run(List<Step> history) {
        var set = RangeSet.EMPTY;
        var bits = new BitSet(SIZE);
        for (var step : history) {
            set =
                    step.adds()
                            ? set.plus(step.from(), step.to())
                            : set.minus(step.from(), step.to());
            bits.set(step.from(), step.to(), step.adds());
        }
        return new Pair(set, bits);
    }

    private static BitSet bits(RangeSet set) {
        var bits = new BitSet(SIZE);
        set.ranges().forEach(range -> bits.set((int) range.from(), (int) range.to()));
        return bits;
    }

    private static RangeSet set(BitSet bits) {
        var set = RangeSet.EMPTY;
        for (var i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
            set = set.plus(i, i + 1);
        }
        return set;
    }

    @Property
    void holdsWhatWasAddedAndNotRemoved(@ForAll("histories") List<Step> history) {
        var pair = run(history);

        assertThat(bits(pair.set())).isEqualTo(pair.bits());
        assertThat(pair.set().size()).isEqualTo(pair.bits().cardinality());
        assertThat(pair.set().isEmpty()).isEqualTo(pair.bits().isEmpty());
    }

    @Property
    void rangesAscendAndNeitherTouchNorOverlap(@ForAll("histories") List<Step> history) {
        var ranges = run(history).set().ranges();

        for (var i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).from()).isGreaterThan(ranges.get(i - 1).to());
        }
    }

    @Property
    void equalBytesAreEqualSetsWhateverTheWay(@ForAll("histories") List<Step> history) {
        var pair = run(history);
        var again = set(pair.bits());

        assertThat(pair.set()).isEqualTo(again).hasSameHashCodeAs(again);
        assertThat(pair.set()).hasToString(again.toString());
    }

    @Property
    void aChangeLeavesTheOldSetAsItWas(
            @ForAll("histories") List<Step> history,
            @ForAll @IntRange(max = SIZE) int a,
            @ForAll @IntRange(max = SIZE) int b) {
        var pair = run(history);
        pair.set().plus(Math.min(a, b), Math.max(a, b));
        pair.set().minus(Math.min(a, b), Math.max(a, b));

        assertThat(bits(pair.set())).isEqualTo(pair.bits());
    }

    @Property
    void unionHoldsBoth(
            @ForAll("histories") List<Step> history, @ForAll("histories") List<Step> other) {
        var one = run(history);
        var two = run(other);
        one.bits().or(two.bits());

        assertThat(bits(one.set().plus(two.set()))).isEqualTo(one.bits());
    }

    @Property
    void missingIsWhatIsNotThere(
            @ForAll("histories") List<Step> history,
            @ForAll @IntRange(max = SIZE) int a,
            @ForAll @IntRange(max = SIZE) int b) {
        var pair = run(history);
        var from = Math.min(a, b);
        var to = Math.max(a, b);
        var expected = new BitSet(SIZE);
        expected.set(from, to);
        expected.andNot(pair.bits());

        var missing = pair.set().missing(from, to);

        assertThat(bits(missing)).isEqualTo(expected);
        assertThat(pair.set().contains(from, to)).isEqualTo(expected.isEmpty());
        assertThat(pair.set().plus(missing).contains(from, to)).isTrue();
    }

    @Property
    void aRunEndsAtTheFirstByteThatIsNotThere(
            @ForAll("histories") List<Step> history, @ForAll @IntRange(max = SIZE) int position) {
        var pair = run(history);

        assertThat(pair.set().endOfRunAt(position)).isEqualTo(pair.bits().nextClearBit(position));
    }

    @Property
    void theNextByteIsTheFirstThatIsThere(
            @ForAll("histories") List<Step> history, @ForAll @IntRange(max = SIZE) int position) {
        var pair = run(history);
        var next = pair.bits().nextSetBit(position);

        var found = pair.set().firstAtOrAfter(position);

        assertThat(found.isPresent()).isEqualTo(next >= 0);
        found.ifPresent(value -> assertThat(value).isEqualTo(next));
    }

    @Property
    void worksAtTheFarEndOfALong(@ForAll @LongRange(min = 1, max = 1000) long length) {
        var from = Long.MAX_VALUE - length;
        var set = RangeSet.of(from, Long.MAX_VALUE);

        assertThat(set.size()).isEqualTo(length);
        assertThat(set.endOfRunAt(from)).isEqualTo(Long.MAX_VALUE);
        assertThat(set.endOfRunAt(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(set.firstAtOrAfter(Long.MAX_VALUE)).isEmpty();
        assertThat(set.missing(0, Long.MAX_VALUE)).isEqualTo(RangeSet.of(0, from));
    }

    @Property
    void nonsenseIsRefused(@ForAll long from, @ForAll long to) {
        if (from >= 0 && to >= from) {
            assertThat(RangeSet.of(from, to).size()).isEqualTo(to - from);
        } else {
            assertThatThrownBy(() -> RangeSet.of(from, to))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> RangeSet.EMPTY.minus(from, to))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        if (from < 0 || to <= from) {
            assertThatThrownBy(() -> new Range(from, to))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void saysItsRangesInWords() {
        assertThat(RangeSet.EMPTY).hasToString("{}");
        assertThat(RangeSet.of(0, 5).plus(7, 9)).hasToString("{0–5, 7–9}");
    }
}
