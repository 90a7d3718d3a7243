package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.event.Topics;
import dev.capstan.transfer.spi.TransferResult.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.util.promise.Promise;

/** What users ask, in every phase. */
class CommandsTest extends HouseTest {
    private static final byte[] BODY = House.body("a.bin", 100_000);
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final CountDownLatch going = new CountDownLatch(1);

    @ParameterizedTest
    @EnumSource(
            value = Command.class,
            names = {"PAUSE", "CANCEL"})
    void q3_insideAResolverCallItTakesLessThanASecond(Command command) {
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    going.await();
                    return ScriptedHost.found(link);
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.host.calls().size() == 1);
        assertThat(house.get(id).status().phase()).isEqualTo(Phase.RESOLVING);

        assertQuick(id, command);
    }

    @ParameterizedTest
    @EnumSource(
            value = Command.class,
            names = {"PAUSE", "CANCEL"})
    void q3_insideAResolverCallThatIgnoresInterruptsToo(Command command) {
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    while (going.getCount() > 0) {
                        Thread.interrupted();
                        Thread.onSpinWait();
                    }
                    return ScriptedHost.found(link);
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.host.calls().size() == 1);

        assertQuick(id, command);
        going.countDown();
    }

    @ParameterizedTest
    @EnumSource(
            value = Command.class,
            names = {"PAUSE", "CANCEL"})
    void q3_insideATransferItTakesLessThanASecondAndNothingFlies(Command command) {
        var id = addHeldAtHalf();

        assertQuick(id, command);

        assertThat(house.engine.flying()).isZero();
        assertThat(house.get(id).metrics().downloaded()).isEqualTo(50_000);
        assertThat(house.get(id).metrics().bytesPerSecond()).isZero();
    }

    @Test
    void q3_pauseKeepsTheBytesAndResumeGoesOnFromThem() {
        var id = addHeldAtHalf();
        house.command(id, Command.PAUSE);

        assertThat(house.command(id, Command.RESUME).state()).isEqualTo(DownloadState.QUEUED);

        house.awaitCompleted(id);
        house.assertPlaced(id, BODY);
        assertThat(house.engine.served()).isEqualTo(100_000);
    }

    @Test
    void q3_cancelDropsTheBytes() {
        var id = addHeldAtHalf();
        house.command(id, Command.CANCEL);
        assertThat(house.contents.usage().stagingBytes()).isZero();

        house.command(id, Command.RETRY);

        house.awaitCompleted(id);
        assertThat(house.engine.served()).isEqualTo(150_000);
    }

    @Test
    void q3_cancelLeavesTheBytesToAnotherDownloadThatWantsThem() {
        var id = addHeldAtHalf();
        var other =
                House.idOf(house.add(House.request("acme://a.bin").folder(data.resolve("other"))));
        Await.until(() -> house.get(other).metrics().downloaded() == 50_000);
        house.command(other, Command.PAUSE);

        house.command(id, Command.CANCEL);

        house.command(other, Command.RESUME);
        house.awaitCompleted(other);
        assertThat(house.engine.served()).isEqualTo(100_000);
    }

    @Test
    void commandsForOneDownloadTakeEffectInTheOrderInWhichTheyWereGiven() {
        house.configure(1);
        addHeldAtHalf();
        var waiting = house.add("acme://b.bin");
        var promises = new ArrayList<Promise<Download>>();
        for (var i = 0; i < 100; i++) {
            promises.add(house.downloads.command(waiting, Command.PAUSE));
            promises.add(house.downloads.command(waiting, Command.RESUME));
        }
        var states = promises.stream().map(House::get).map(Download::state).toList();

        assertThat(states).hasSize(200).startsWith(DownloadState.PAUSED, DownloadState.QUEUED);
        assertThat(house.get(waiting).state()).isEqualTo(DownloadState.QUEUED);
    }

    @Test
    void q3_pauseDoesNotTouchTheRetries() {
        house.engine.serve("a.bin", BODY);
        house.host.on("acme://a.bin", RetriesTest.failing("busy"));
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).status().retryCount() == 1);

        assertThat(house.command(id, Command.PAUSE).status().retryCount()).isEqualTo(1);
    }

    @Test
    void q1_movesThatAreNotInTheTableAreRefusedWithTheState() {
        house.configure(1);
        var running = addHeldAtHalf();
        var waiting = house.add("acme://b.bin");

        assertIllegal(running, Command.RESUME, DownloadState.DOWNLOADING);
        assertIllegal(running, Command.RETRY, DownloadState.DOWNLOADING);
        assertIllegal(waiting, Command.RESUME, DownloadState.QUEUED);
        assertIllegal(waiting, Command.RETRY, DownloadState.QUEUED);
        house.command(waiting, Command.PAUSE);
        assertIllegal(waiting, Command.PAUSE, DownloadState.PAUSED);
        house.command(waiting, Command.CANCEL);
        assertIllegal(waiting, Command.CANCEL, DownloadState.CANCELLED);
        assertIllegal(waiting, Command.PAUSE, DownloadState.CANCELLED);
        assertIllegal(waiting, Command.RESUME, DownloadState.CANCELLED);
        assertThat(house.refusal(house.downloads.command("NONE", Command.PAUSE)).reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void aFinishedDownloadIsDownloadedAgainByRetry() {
        house.engine.serve("a.bin", BODY);
        var id = house.add("acme://a.bin");
        house.awaitCompleted(id);

        house.command(id, Command.RETRY);

        Await.until(() -> house.engine.plans().size() == 2);
        house.awaitCompleted(id);
    }

    @Test
    void removeEndsWhatRunsAndTakesTheFileIfAsked() {
        var running = addHeldAtHalf();
        assertThat(House.get(house.downloads.remove(running, false)).state())
                .isEqualTo(DownloadState.CANCELLED);
        assertThat(house.downloads.get(running)).isEmpty();
        assertThat(house.engine.flying()).isZero();

        var id = house.add("acme://a.bin");
        var placed = house.awaitCompleted(id).target().placed();
        House.get(house.downloads.remove(id, true));
        assertThat(placed).doesNotExist();
        Await.until(
                () ->
                        house.events.downloads(Topics.DOWNLOAD_REMOVED).stream()
                                .map(Download::id)
                                .toList()
                                .equals(List.of(running, id)));
    }

    @Test
    void removeLeavesTheFileWhereItIsNotAskedFor() {
        house.engine.serve("a.bin", BODY);
        var id = house.add("acme://a.bin");
        var placed = house.awaitCompleted(id).target().placed();

        House.get(house.downloads.remove(id, false));

        assertThat(placed).hasBinaryContent(BODY);
    }

    @Test
    void limitsAndPriorityChangeWhileItRunsAndStay() {
        var id = addHeldAtHalf();

        var changed =
                House.get(house.downloads.change(id, new DownloadChange(7, 3L, null, 2, 1_000L)));

        assertThat(changed.priority()).isEqualTo(7);
        assertThat(changed.options()).isEqualTo(new DownloadOptions(2, 1_000, null, null, false));
        assertThat(house.engine.limits).containsExactly("2 connections, 1000 B/s");
        assertThat(house.store.get(id).orElseThrow().priority()).isEqualTo(7);
        house.command(id, Command.PAUSE);
        assertThat(house.store.get(id).orElseThrow().priority()).isEqualTo(7);
        assertThat(house.store.get(id).orElseThrow().position()).isEqualTo(3);
    }

    @Test
    void aCategoryChangesUntilTheFileIsPlaced() {
        var id = addHeldAtHalf();
        var change = new DownloadChange(null, null, "films/old", null, null);
        House.get(house.downloads.change(id, change));
        house.command(id, Command.PAUSE);
        house.command(id, Command.RESUME);

        assertThat(house.awaitCompleted(id).target().placed())
                .isEqualTo(data.resolve("downloads/films/old/a.bin"));
        assertThat(house.refusal(house.downloads.change(id, change)).reason())
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void changesThatCannotBeAreRefused() {
        var id = house.add("acme://a.bin");
        for (var change :
                List.of(
                        new DownloadChange(null, null, "../up", null, null),
                        new DownloadChange(null, null, null, -1, null),
                        new DownloadChange(null, null, null, null, -1L))) {
            assertThat(house.refusal(house.downloads.change(id, change)).reason())
                    .isEqualTo(Reason.INVALID);
        }
    }

    private String addHeldAtHalf() {
        house.engine.serve("a.bin", BODY);
        house.engine.on(
                "a.bin",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(50_000);
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).metrics().downloaded() == 50_000);
        return id;
    }

    private void assertQuick(String id, Command command) {
        var begun = System.nanoTime();
        var after = house.command(id, command);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(A_SECOND);
        var goal = command == Command.PAUSE ? DownloadState.PAUSED : DownloadState.CANCELLED;
        assertThat(after.state()).isEqualTo(goal);
        assertThat(house.store.get(id).orElseThrow().state()).isEqualTo(goal);
    }

    private void assertIllegal(String id, Command command, DownloadState state) {
        RefusedException refusal = house.refusal(house.downloads.command(id, command));
        assertThat(refusal.reason()).isEqualTo(Reason.ILLEGAL_MOVE);
        assertThat(refusal.state()).contains(state);
    }
}
