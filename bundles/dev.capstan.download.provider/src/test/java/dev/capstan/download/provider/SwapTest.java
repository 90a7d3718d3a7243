package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.spi.StoreException;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.host.LoopbackHttp;
import dev.capstan.transfer.spi.TransferResult.End;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** H2, H2a, H3 and Q2: bundles and processes that go and come under running downloads. */
@Isolated
class SwapTest extends HouseTest {
    private static final int SIZE = 100_000;
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    @Test
    void h2_aHostThatGoesIsWaitedForByNameAndAllGoOnFromTheSameByteWithinASecond() {
        var ids = addHeldAtHalf(4);

        house.hostGoes();

        awaitAll(ids, Phase.WAITING_FOR_HOST);
        assertThat(house.get(ids.get(0)).status().note()).isEqualTo("waiting for host acme");
        assertThat(house.engine.flying()).isZero();
        assertThat(house.downloads.list().get(0).present()).isFalse();

        house.hostComes();

        assertAllGoOn(ids);
    }

    @Test
    void h2_anEngineThatGoesIsWaitedForAndAllGoOnFromTheSameByteWithinASecond() {
        var ids = addHeldAtHalf(4);

        house.engineGoes();

        awaitAll(ids, Phase.WAITING_FOR_ENGINE);
        house.engineComes();

        assertAllGoOn(ids);
    }

    @Test
    void h2_anEngineThatStopsByItselfBurnsNoRetry() {
        var ids = addHeldAtHalf(1);

        // Its own deactivation comes before the framework tells us.
        house.engine.go();
        Await.until(() -> house.get(ids.get(0)).state() == DownloadState.QUEUED);
        house.downloads.removeEngine(house.engine);
        awaitAll(ids, Phase.WAITING_FOR_ENGINE);
        assertThat(house.get(ids.get(0)).status().error()).isNull();

        house.engineComes();
        house.clock.advance(A_SECOND);
        assertAllGoOn(ids);
    }

    @Test
    void h2_manySwapsOfHostAndEngineFailNothingAndFetchNothingTwice() {
        // In full: mvn test -Dtest=SwapTest -Dcapstan.swaps=600
        var swaps = Integer.getInteger("capstan.swaps", 50);
        var all = new CountDownLatch(1);
        var names = House.names("f", 4);
        for (var name : names) {
            house.engine.serve(name, House.body(name, SIZE));
            for (var i = 0; i <= swaps; i++) {
                house.engine.on(
                        name,
                        leg -> {
                            leg.answer();
                            // A little more in every run, and never all of it.
                            var there = leg.ingest().downloaded();
                            leg.moveUpTo(Math.min(SIZE - 1, there + 500));
                            return leg.stoppedBefore(all) ? End.STOPPED : leg.serve();
                        });
            }
        }
        var ids = names.stream().map(name -> house.add("acme://" + name)).toList();
        for (var i = 0; i < swaps; i++) {
            Await.until(
                    () -> {
                        // One that met the engine in its last moment asks again a little later.
                        house.clock.advance(Duration.ofMillis(10));
                        return house.engine.flying() == names.size();
                    });
            if (i % 2 == 0) {
                house.hostGoes();
                house.hostComes();
            } else {
                house.engineGoes();
                Await.until(() -> house.engine.flying() == 0);
                house.engineComes();
            }
        }
        all.countDown();
        Await.until(
                () -> {
                    // The last swap, too, may have met one that asks again a little later.
                    house.clock.advance(Duration.ofMillis(10));
                    return ids.stream()
                            .map(house::get)
                            .allMatch(download -> download.state() == DownloadState.COMPLETED);
                });

        for (var i = 0; i < ids.size(); i++) {
            var done = house.awaitCompleted(ids.get(i));
            house.assertPlaced(ids.get(i), House.body(names.get(i), SIZE));
            assertThat(done.status().errorHistory()).isEmpty();
        }
        assertThat(house.engine.served()).isEqualTo((long) names.size() * SIZE);
    }

    @Test
    void h3_aHostThatGoesInsideACallIsNeverUsedAgain() {
        var going = new CountDownLatch(1);
        house.engine.serve("a.bin", House.body("a.bin", SIZE));
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    going.await();
                    return ScriptedHost.found(link);
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.host.calls().size() == 1);

        house.hostGoes();
        awaitAll(List.of(id), Phase.WAITING_FOR_HOST);
        assertThat(house.get(id).status().error()).isNull();
        assertThat(house.host.calls()).hasSize(1);

        going.countDown();
        house.hostComes();
        house.awaitCompleted(id);
    }

    @Test
    void h2_aClientThatGoesUnderACallOrIsAwayIsNoFailureOfTheHost() throws Exception {
        var client = new LoopbackHttp();
        try (var service = Origin.plain()) {
            service.serve("/api", Exchange::stall);
            house.engine.serve("a.bin", House.body("a.bin", SIZE));
            house.host.on(
                    "acme://a.bin",
                    (link, context) -> {
                        var api = OutboundRequest.get(service.uri("/api"));
                        context.http(OutboundHttp.Policy.DEFAULT).send(api);
                        return ScriptedHost.found(link);
                    });
            house.downloads.setOutbound(client);
            var id = house.add("acme://a.bin");
            assertThat(service.awaitRequests(1, Duration.ofSeconds(10))).isTrue();

            house.downloads.unsetOutbound(client);
            Await.until(() -> house.get(id).status().phase() == Phase.WAITING_FOR_ENGINE);
            assertThat(service.awaitNoConnection(Duration.ofSeconds(10))).isTrue();

            house.clock.advance(A_SECOND);
            Await.until(() -> house.host.calls().size() == 2);
            Await.until(() -> house.get(id).status().phase() == Phase.WAITING_FOR_ENGINE);
            assertThat(service.log()).hasSize(1);

            service.serve("/api", exchange -> exchange.answer(200, ""));
            house.downloads.setOutbound(client);
            house.clock.advance(A_SECOND);
            var done = house.awaitCompleted(id);
            assertThat(done.status().errorHistory()).isEmpty();
            assertThat(done.status().retryCount()).isZero();
        }
    }

    @Test
    void aLinkOfAHostThatIsAwayIsTakenAndWaits() {
        house.engine.serve("a.bin", House.body("a.bin", SIZE));
        house.hostGoes();

        var id = house.add("acme://www.a.bin");

        assertThat(house.get(id).status().phase()).isEqualTo(Phase.WAITING_FOR_HOST);
        house.hostComes();
        assertThat(house.awaitCompleted(id).source().canonical()).isEqualTo("acme://a.bin");
    }

    @Test
    void aHostThatNoLongerTakesALinkIsNotAskedForIt() {
        house.hostGoes();
        var id = house.add("acme://foreign");
        house.hostComes();

        Await.until(() -> house.get(id).status().retryCount() == 1);
        assertThat(house.get(id).status().error().errorClass()).isEqualTo(ErrorClass.HOST);
        assertThat(house.host.calls()).isEmpty();
    }

    @Test
    void q2_h2a_afterARestartRunningDownloadsGoOnFromTheSameByteAndAllElseStays() {
        var paused = house.add("acme://paused");
        house.await(paused, DownloadState.FAILED);
        house.engine.serve("paused", House.body("paused", SIZE));
        house.engine.on("paused", ScriptedEngine.Leg::hold);
        house.command(paused, Command.RETRY);
        Await.until(() -> house.engine.flying() == 1);
        house.command(paused, Command.PAUSE);
        var failed = house.add("acme://missing");
        house.await(failed, DownloadState.FAILED);
        var ids = addHeldAtHalf(3);

        house.stop();
        house.engine.comeBack();
        assertThat(house.engine.flying()).isZero();
        house.start();

        assertAllGoOn(ids);
        assertThat(house.get(paused).state()).isEqualTo(DownloadState.PAUSED);
        assertThat(house.get(failed).state()).isEqualTo(DownloadState.FAILED);
    }

    @Test
    void q11_h2a_stoppingLeavesRowsAsTheyAreAndTakesLittleTime() {
        var ids = addHeldAtHalf(4);
        var states = ids.stream().map(id -> house.store.get(id).orElseThrow()).toList();

        var begun = System.nanoTime();
        house.downloads.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));

        assertThat(ids.stream().map(id -> house.store.get(id).orElseThrow()).toList())
                .extracting(Download::state)
                .isEqualTo(states.stream().map(Download::state).toList())
                .containsOnly(DownloadState.DOWNLOADING);
        assertThat(house.engine.flying()).isZero();
        // A pool has terminated a moment before its last thread has.
        Await.until(() -> threads().isEmpty());
    }

    @Test
    void q11_aHostThatHangsDoesNotHoldUpTheStop() {
        var going = new CountDownLatch(1);
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    while (going.getCount() > 0) {
                        Thread.interrupted();
                        Thread.onSpinWait();
                    }
                    return ScriptedHost.found(link);
                });
        house.add("acme://a.bin");
        Await.until(() -> house.host.calls().size() == 1);

        var begun = System.nanoTime();
        house.downloads.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        going.countDown();
    }

    @Test
    void q11_callsAfterTheStopAreRefused() {
        house.downloads.stop();

        assertThat(house.refusal(house.downloads.add(List.of(House.request("acme://x")))).reason())
                .isEqualTo(Reason.UNAVAILABLE);
        assertThatIllegalStateException().isThrownBy(() -> house.downloads.get("x"));
    }

    @Test
    void s10_aStoreThatCannotWriteIsWaitedForAndNoMoveIsForgotten() {
        house.engine.serve("a.bin", House.body("a.bin", SIZE));
        var going = new CountDownLatch(1);
        house.engine.on(
                "a.bin",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(SIZE / 2);
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).metrics().downloaded() == SIZE / 2);

        house.storeFault = new StoreException(StoreException.Reason.DISK_FULL, "No space.", null);
        going.countDown();
        Await.until(() -> house.engine.flying() == 0);
        var refusal = house.refusal(house.downloads.add(List.of(House.request("acme://other"))));
        assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(refusal).hasMessage("No space.");
        assertThatIllegalStateException()
                .isThrownBy(() -> house.downloads.statistics())
                .withMessage("No space.");
        assertThat(house.store.get(id).orElseThrow().state()).isEqualTo(DownloadState.DOWNLOADING);

        house.storeFault = null;
        house.awaitCompleted(id);
        house.assertPlaced(id, House.body("a.bin", SIZE));
    }

    @Test
    void s10_aStoreThatCannotBeReadAtTheStartIsAskedAgain() {
        var ids = addHeldAtHalf(1);
        house.stop();
        house.storeFault = new StoreException(StoreException.Reason.IO, "Not now.", null);
        house.start();
        assertThat(house.downloads.check(false).get(0).message()).contains("Not now.");

        house.storeFault = null;
        house.clock.advance(A_SECOND);

        house.awaitCompleted(ids.get(0));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(
                        name ->
                                name.startsWith("capstan-worker")
                                        || name.startsWith("capstan-queue")
                                        || name.startsWith("capstan-events")
                                        || name.startsWith("capstan-meter")
                                        || name.startsWith("capstan-command"))
                .toList();
    }

    private List<String> addHeldAtHalf(int count) {
        for (var name : House.names("f", count)) {
            house.engine.serve(name, House.body(name, SIZE));
            house.engine.on(
                    name,
                    leg -> {
                        leg.answer();
                        leg.moveUpTo(SIZE / 2);
                        return leg.hold();
                    });
        }
        var ids = House.names("acme://f", count).stream().map(house::add).toList();
        Await.until(
                () ->
                        ids.stream()
                                .allMatch(id -> house.get(id).metrics().downloaded() == SIZE / 2));
        return ids;
    }

    private void awaitAll(List<String> ids, Phase phase) {
        Await.within(
                A_SECOND,
                () ->
                        ids.stream()
                                .map(house::get)
                                .allMatch(
                                        download ->
                                                download.state() == DownloadState.QUEUED
                                                        && download.status().phase() == phase));
    }

    private void assertAllGoOn(List<String> ids) {
        Await.within(
                A_SECOND,
                () ->
                        ids.stream()
                                .map(house::get)
                                .noneMatch(download -> download.state() == DownloadState.QUEUED));
        for (var id : ids) {
            var done = house.awaitCompleted(id);
            house.assertPlaced(id, House.body(done.target().name(), SIZE));
            assertThat(done.status().retryCount()).isZero();
            assertThat(done.status().errorHistory()).isEmpty();
        }
        assertThat(house.engine.served()).isEqualTo((long) ids.size() * SIZE);
    }
}
