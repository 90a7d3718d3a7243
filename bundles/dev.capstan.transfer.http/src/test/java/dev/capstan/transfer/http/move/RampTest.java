package dev.capstan.transfer.http.move;

import static dev.capstan.transfer.http.move.ModelLink.RATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.transfer.http.move.Precedents.Precedent;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** How many connections pay, on links that were seen or are to be expected. */
@Label("How many connections pay")
class RampTest {
    // More than there are cases, so that each of them is tried.
    private static final int TRIES = 1000;

    // The coordinator looks every 25 ms; the first bytes come at any moment between two looks.
    private static final int LAST_OFFSET = 24;

    @Property(tries = TRIES)
    @Label("200 Mbit/s, 50 ms, one connection fills it: one is left, after one trial in five s")
    void aCleanLinkKeepsOne(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link = new ModelLink().offset(offset).run(5);

        assertThat(link.counts()).containsExactly(1, 4, 1);
        assertThat(link.fullAfter()).isLessThan(0.5);
        // Those of the first trial; what followed it would be made only once the trial pays.
        assertThat(link.mostAhead()).isEqualTo(3);
    }

    @Property(tries = TRIES)
    @Label("5 MB/s for each connection: all that are allowed, 90 % within 1.5 s of the first byte")
    void whereEachIsLimitedAllAreUsed(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link = new ModelLink().offset(offset).each((number, now) -> 5e6).run(5);

        assertThat(link.counts()).containsExactly(1, 4, 8);
        assertThat(link.fullAfter()).isLessThan(0.8);
    }

    @Property(tries = TRIES)
    @Label("the same from 10 to 100 ms and from a third to an eighth of the link")
    void otherLinksToo(
            @ForAll @IntRange(min = 1, max = 10) int tens,
            @ForAll @IntRange(min = 3, max = 8) int share) {
        var link =
                new ModelLink().roundTrip(tens / 100.0).each((number, now) -> RATE / share).run(5);

        assertThat(link.fullAfter()).isLessThan(1.85);
    }

    @Property(tries = TRIES)
    @Label("a quarter of the link for each, or a third: more than four bring nothing")
    void whatFillsTheLinkIsEnough(
            @ForAll @IntRange(max = LAST_OFFSET) int offset,
            @ForAll @IntRange(min = 3, max = 4) int share) {
        var link = new ModelLink().offset(offset).each((number, now) -> RATE / share).run(5);

        assertThat(link.count()).isEqualTo(4);
    }

    @Property(tries = TRIES)
    @Label("a first that left its slow start too early is not left alone")
    void aFirstThatCreepsIsHelped(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> number == 0 ? 4e6 * (1 + now * now / 4) : RATE)
                        .run(3);

        assertThat(link.count()).isGreaterThanOrEqualTo(4);
        assertThat(link.fullAfter()).isLessThan(0.8);
    }

    @Property(tries = TRIES)
    @Label("a link that falls to half for up to 75 ms is not taken for one that grew")
    void aDipIsNoGain(
            @ForAll @IntRange(min = 12, max = 48) int from,
            @ForAll @IntRange(min = 1, max = 3) int length) {
        var begin = from * 0.025;
        var end = begin + length * 0.025;
        var link =
                new ModelLink().carries(now -> now >= begin && now < end ? RATE / 2 : RATE).run(10);

        assertThat(link.count()).isEqualTo(1);
    }

    @Property(tries = TRIES)
    @Label("what the first gains by itself while others are tried is not what they bring")
    void aFirstThatGrowsLateStaysAlone(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> number == 0 && now < 0.45 ? 9e6 : RATE)
                        .run(10);

        assertThat(link.count()).isEqualTo(1);
    }

    @Property(tries = TRIES)
    @Label("loss: each has a speed of its own that rises and breaks down; all are used")
    void onALossyLinkAllAreUsed(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> 1.8e6 * (0.5 + (now / 1.3 + number * 0.37) % 1))
                        .run(5);

        assertThat(link.count()).isEqualTo(8);
    }

    @Property(tries = TRIES)
    @Label("a burst at the start misleads for seconds at most")
    void aBurstAtTheStart(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> number == 0 && now < 0.6 ? RATE : 3e6)
                        .run(8);

        assertThat(link.count()).isEqualTo(8);
    }

    @Property(tries = TRIES)
    @Label("a server that takes two gets two, and is not asked again")
    void whatWasRefusedIsNotTriedAgain(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link = new ModelLink().offset(offset).each((number, now) -> 5e6).accepts(2).run(10);

        assertThat(link.counts()).containsExactly(1, 4, 2);
    }

    @Property(tries = TRIES)
    @Label("links change: it is tried again, ever more seldom")
    void itIsTriedAgainLater(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink().offset(offset).each((number, now) -> now < 3 ? RATE : 5e6).run(10);

        assertThat(link.counts()).containsExactly(1, 4, 1, 4, 8);
    }

    @Example
    @Label("a minute on a link that one fills sees four trials")
    void everMoreSeldom() {
        assertThat(new ModelLink().run(60).counts()).containsExactly(1, 4, 1, 4, 1, 4, 1, 4, 1);
    }

    @Property(tries = TRIES)
    @Label("near the end nothing is added")
    void nearTheEndNothingIsAdded(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link = new ModelLink().offset(offset).each((number, now) -> 5e6).size(9e6).run(5);

        assertThat(link.counts()).containsExactly(1);
    }

    @Property(tries = TRIES)
    @Label("where a server refused others, none are made ahead")
    void whereOthersAreRefusedNoneAreMadeAhead(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link = new ModelLink().offset(offset).each((number, now) -> 5e6).accepts(1).run(5);

        assertThat(link.counts()).containsExactly(1, 4, 1);
        assertThat(link.mostAhead()).isEqualTo(3);
    }

    @Property(tries = TRIES)
    @Label("what paid a while ago is begun with: 90 % three round trips after the first byte")
    void whatPaidIsBegunWith(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var first = new ModelLink().offset(offset).each((number, now) -> 5e6).run(5);
        var next =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> 5e6)
                        .after(first.found())
                        .run(5);

        assertThat(first.found().connections()).isEqualTo(8);
        assertThat(next.counts()).containsExactly(1, 8);
        assertThat(next.fullAfter()).isLessThan(0.35);
        assertThat(next.found()).isEqualTo(first.found());
    }

    @Property(tries = TRIES)
    @Label("what paid a while ago and does not now is withdrawn, and forgotten")
    void whatPaysNoMoreIsWithdrawn(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink()
                        .offset(offset)
                        .carries(now -> 8e6)
                        .after(new Precedent(8, 4, 20e6))
                        .run(10);

        assertThat(link.counts()).startsWith(1, 8, 1, 4, 1);
        assertThat(link.count()).isEqualTo(1);
        assertThat(link.found()).isNull();
    }

    @Property(tries = TRIES)
    @Label("a server that takes fewer than a while ago gets so many, and is asked anew next time")
    void fewerThanPaidMayBeTaken(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> 5e6)
                        .accepts(2)
                        .after(new Precedent(8, 4, 20e6))
                        .run(10);

        assertThat(link.counts()).containsExactly(1, 8, 2);
        assertThat(link.found()).isNull();
    }

    @Property(tries = TRIES)
    @Label("what paid a while ago and had no room now is withdrawn, and not forgotten")
    void whatHadNoRoomIsNotForgotten(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var paid = new Precedent(8, 4, 20e6);

        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> 5e6)
                        .withholds(1)
                        .after(paid)
                        .run(10);

        assertThat(link.counts()).startsWith(1, 8, 1, 4, 1);
        assertThat(link.found()).isEqualTo(paid);
    }

    @Property(tries = TRIES)
    @Label("a trial that had no room tells nothing of what paid a while ago")
    void aTrialWithoutRoomTellsNothing(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        // So much that it is not begun with for what is left, yet found out again.
        var paid = new Precedent(8, 4, 60e6);

        var link =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> 5e6)
                        .size(100e6)
                        .withholds(1)
                        .after(paid)
                        .run(5);

        assertThat(link.counts()).startsWith(1, 4, 1);
        assertThat(link.found()).isEqualTo(paid);
    }

    @Example
    @Label("what paid a while ago is not begun with where little is to come")
    void aSmallFileBeginsWithOne() {
        var link =
                new ModelLink()
                        .each((number, now) -> 5e6)
                        .size(9e6)
                        .after(new Precedent(8, 1, 5e6))
                        .run(5);

        assertThat(link.counts()).containsExactly(1);
    }

    @Example
    @Label("what one alone can fill leaves nothing to begin with")
    void whereOneIsEnoughThereIsNoPrecedent() {
        assertThat(new ModelLink().run(5).found()).isNull();
    }

    @Property(tries = TRIES)
    @Label("the limit holds")
    void theLimitHolds(@ForAll @IntRange(max = LAST_OFFSET) int offset) {
        var known =
                new ModelLink()
                        .offset(offset)
                        .each((number, now) -> 5e6)
                        .after(new Precedent(8, 4, 20e6))
                        .most(5)
                        .run(5);
        var few = new ModelLink().offset(offset).each((number, now) -> 5e6).most(3).run(5);
        var many = new ModelLink().offset(offset).each((number, now) -> 1e6).most(16).run(5);

        assertThat(known.counts()).containsExactly(1, 5);
        assertThat(few.counts()).containsExactly(1, 3);
        assertThat(many.counts()).containsExactly(1, 4, 8, 16);
    }
}
