package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.BatchRef;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.Statistics;
import dev.capstan.event.Topics;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.transfer.spi.TransferResult.End;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who runs when, and what is seen of it. */
class QueueTest extends HouseTest {
    private static final int SIZE = 10_000;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch going = new CountDownLatch(1);

    @Test
    void q6_neverMoreRunAtOnceThanAllowed() {
        house.configure(3);
        var ids = addHeld(10);
        Await.until(() -> running.get() == 3);
        going.countDown();

        ids.forEach(house::awaitCompleted);
        assertThat(most).hasValue(3);
    }

    @Test
    void q6_moreAreStartedAtOnceWhenMoreMay() {
        house.configure(1);
        addHeld(6);
        Await.until(() -> running.get() == 1);

        house.configure(5);

        Await.until(() -> running.get() == 5);
        assertThat(most).hasValue(5);
    }

    @Test
    void q6_whatIsTooManyGoesBackToTheQueueLastFirstAndKeepsItsBytes() {
        var ids = addHeld(4);
        Await.until(() -> running.get() == 4);

        house.configure(2);

        Await.until(() -> running.get() == 2);
        Await.until(
                () ->
                        ids.subList(2, 4).stream()
                                .allMatch(id -> house.get(id).state() == DownloadState.QUEUED));
        assertThat(ids.stream().map(house::get).map(Download::state))
                .containsExactly(
                        DownloadState.DOWNLOADING,
                        DownloadState.DOWNLOADING,
                        DownloadState.QUEUED,
                        DownloadState.QUEUED);
        going.countDown();
        ids.forEach(house::awaitCompleted);
        assertThat(house.engine.served()).isEqualTo(4L * SIZE);
    }

    @Test
    void q6_aHostsOwnLimitHolds() {
        house.hostGoes();
        var ids = addHeld(6);
        house.hostComes(house.host.service(Map.of(HostResolver.MAX_CONCURRENT, 2)));
        Await.until(() -> running.get() == 2);
        assertThat(house.all()).filteredOn(row -> row.state().isActive()).hasSize(2);
        going.countDown();

        ids.forEach(house::awaitCompleted);
        assertThat(most).hasValue(2);
    }

    @Test
    void q7_higherPrioritiesGoFirstThenPositionsThenAge() {
        house.configure(1);
        var blocker = addHeld(1).get(0);
        Await.until(() -> running.get() == 1);
        for (var name : List.of("a", "b", "c", "d")) {
            house.engine.serve(name, House.body(name, 10));
        }
        house.add("acme://a");
        var late = house.add("acme://b");
        House.get(house.downloads.change(late, new DownloadChange(null, 5L, null, null, null)));
        house.add("acme://c");
        House.idOf(house.add(House.request("acme://d").priority(9)));

        going.countDown();
        house.awaitCompleted(blocker);
        house.awaitCompleted(late);

        assertThat(house.host.calls())
                .containsExactly("acme://f0", "acme://d", "acme://a", "acme://c", "acme://b");
    }

    @Test
    void q4_metricsAreLiveWhileItRunsAndToldOnceASecond() {
        house.engine.serve("a", House.body("a", SIZE));
        house.engine.on(
                "a",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(SIZE / 2);
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        var id = house.add("acme://a");

        Await.until(() -> !house.events.downloads(Topics.DOWNLOAD_PROGRESS).isEmpty());
        var told = house.events.downloads(Topics.DOWNLOAD_PROGRESS).get(0);
        assertThat(told.id()).isEqualTo(id);
        assertThat(told.metrics().downloaded()).isEqualTo(SIZE / 2);
        assertThat(told.metrics().connections()).isEqualTo(1);
        assertThat(house.store.get(id).orElseThrow().metrics().downloaded())
                .as("not written while it runs")
                .isZero();
        assertThat(house.downloads.segments(id)).hasSize(1);
        going.countDown();
        house.awaitCompleted(id);
        assertThat(house.downloads.segments(id)).isEmpty();
        Await.until(() -> house.downloads.statistics().equals(lastTold()));
        assertThat(((Statistics) lastTold()).counts()).containsEntry(DownloadState.COMPLETED, 1L);
    }

    @Test
    void whatASourceToldIsStoredWhileTheBytesStillCome() {
        house.engine.serve("a", House.body("a", SIZE));
        house.engine.on(
                "a",
                leg -> {
                    leg.answer("told.bin", Set.of());
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        var id = house.add("acme://a");

        Await.until(() -> house.store.get(id).orElseThrow().metrics().size() == SIZE);
        var stored = house.store.get(id).orElseThrow();
        assertThat(stored.state()).isEqualTo(DownloadState.DOWNLOADING);
        assertThat(stored.status().phase()).isEqualTo(Phase.TRANSFERRING);
        assertThat(stored.target()).isEqualTo(house.get(id).target());
        going.countDown();
        house.awaitCompleted(id);
    }

    /** What was told last of the whole queue; null where nothing was. */
    private Object lastTold() {
        return house.events.all().stream()
                .map(event -> event.getProperty(Topics.STATISTICS))
                .filter(Objects::nonNull)
                .reduce((before, after) -> after)
                .orElse(null);
    }

    @Test
    void aPageShowsRunningDownloadsLive() {
        var id = addHeld(1).get(0);
        Await.until(() -> running.get() == 1);

        var page = house.downloads.list(DownloadQuery.ALL);

        assertThat(page.items()).hasSize(1);
        assertThat(page.items().get(0).metrics().downloaded()).isEqualTo(SIZE / 2);
        assertThat(house.downloads.match(id.substring(0, 20), 5)).hasSize(1);
    }

    @Test
    void aBatchIsToldWithItsBytesAndItsCommandsReachEachMember() {
        house.configure(2);
        var batch = new BatchRef("01JGFJJZ00000000000000BTCH", "An album");
        prepare(4);
        var ids =
                house
                        .add(
                                House.names("acme://f", 4).stream()
                                        .map(link -> House.request(link).batch(batch))
                                        .toList())
                        .stream()
                        .map(House::idOf)
                        .toList();
        Await.until(() -> running.get() == 2);
        Await.until(
                () ->
                        house.downloads
                                .batch(batch.id())
                                .filter(now -> now.downloaded() == SIZE)
                                .isPresent());
        assertThat(house.downloads.batch(batch.id()).orElseThrow().state())
                .isEqualTo(DownloadState.DOWNLOADING);
        Await.until(
                () ->
                        house.events.all().stream()
                                .anyMatch(event -> event.getTopic().equals(Topics.BATCH_CHANGED)));

        var paused = House.get(house.downloads.commandBatch(batch.id(), Command.PAUSE));
        assertThat(paused).extracting(Download::id).isEqualTo(ids);
        assertThat(paused).extracting(Download::state).containsOnly(DownloadState.PAUSED);
        assertThat(house.downloads.batch(batch.id()).orElseThrow().state())
                .isEqualTo(DownloadState.PAUSED);

        going.countDown();
        House.get(house.downloads.commandBatch(batch.id(), Command.RESUME));
        ids.forEach(house::awaitCompleted);
        var again = House.get(house.downloads.commandBatch(batch.id(), Command.RETRY));
        assertThat(again).extracting(Download::state).containsOnly(DownloadState.COMPLETED);
        assertThat(house.downloads.batches(null, 10)).hasSize(1);
        assertThat(house.refusal(house.downloads.commandBatch("NONE", Command.PAUSE)).reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void q1_whatIsToldIsStoredAlready() {
        var early = new AtomicInteger();
        house.events.onPost(
                event -> {
                    if (event.getTopic().equals(Topics.DOWNLOAD_STATE)) {
                        for (var item : (List<?>) event.getProperty(Topics.DOWNLOADS)) {
                            var told = (Download) item;
                            var stored = house.store.get(told.id()).orElseThrow();
                            if (stored.state().ordinal() < told.state().ordinal()) {
                                early.incrementAndGet();
                            }
                        }
                    }
                });
        prepare(20);
        going.countDown();
        var ids = House.names("acme://f", 20).stream().map(house::add).toList();
        ids.forEach(house::awaitCompleted);
        Await.until(
                () ->
                        ids.stream()
                                .allMatch(
                                        id ->
                                                house.events
                                                        .states(id)
                                                        .contains(DownloadState.COMPLETED)));
        assertThat(early).hasValue(0);
    }

    @Test
    void q10_anEndThatIsInTheListIsShownAsOne() {
        var others = new CopyOnWriteArrayList<DownloadState>();
        var ended = DownloadQuery.ALL.withStates(Set.of(DownloadState.COMPLETED));
        house.written =
                () ->
                        house.downloads.list(ended).items().stream()
                                .map(Download::state)
                                .filter(state -> state != DownloadState.COMPLETED)
                                .forEach(others::add);
        going.countDown();

        addHeld(3).forEach(house::awaitCompleted);

        assertThat(house.downloads.list(ended).items()).hasSize(3);
        assertThat(others).isEmpty();
    }

    private List<String> addHeld(int count) {
        prepare(count);
        return House.names("acme://f", count).stream().map(house::add).toList();
    }

    /** Files that count who runs, and stand still at half until they may go on. */
    private void prepare(int count) {
        for (var name : House.names("f", count)) {
            house.engine.serve(name, House.body(name, SIZE));
            for (var i = 0; i < 3; i++) {
                house.engine.on(name, this::heldAtHalf);
            }
        }
    }

    private End heldAtHalf(ScriptedEngine.Leg leg) throws DownloadException, InterruptedException {
        leg.answer();
        leg.moveUpTo(SIZE / 2);
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
        } finally {
            running.decrementAndGet();
        }
    }
}
