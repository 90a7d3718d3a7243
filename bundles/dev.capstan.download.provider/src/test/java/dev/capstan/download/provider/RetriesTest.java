package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.Statistics.Totals;
import dev.capstan.host.spi.Resolution;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult.End;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What goes wrong, and what comes of it. */
class RetriesTest extends HouseTest {
    private static final byte[] BODY = House.body("a.bin", 100_000);
    private static final DownloadOptions IMPATIENT = new DownloadOptions(0, 0, 0, null, true);

    /** A host that has no time. */
    static ScriptedHost.Answer failing(String message) {
        return (link, context) -> {
            throw new DownloadException(ErrorClass.UNAVAILABLE, message);
        };
    }

    @Test
    void q12_waits60Then120SecondsAndIsClaimedWithinASecondAfter() {
        house.engine.serve("a.bin", BODY);
        house.engine.on("a.bin", RetriesTest::refused);
        house.engine.on("a.bin", RetriesTest::refused);
        var id = house.add("acme://a.bin");

        var first = awaitRetry(id, 1);
        assertThat(first.status().phase()).isEqualTo(Phase.RETRY_WAIT);
        assertThat(first.status().waitUntil()).isEqualTo(house.clock.instant().plusSeconds(60));

        house.clock.advance(Duration.ofMillis(59_900));
        house.clock.advance(Duration.ofMillis(100));
        var second = awaitRetry(id, 2);
        assertThat(second.status().waitUntil()).isEqualTo(house.clock.instant().plusSeconds(120));

        var begun = System.nanoTime();
        house.clock.advance(Duration.ofSeconds(120));
        house.awaitCompleted(id);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        assertThat(house.engine.plans()).hasSize(3);
    }

    @Test
    void q12_itIsNotClaimedBeforeItsTime() {
        house.engine.serve("a.bin", BODY);
        house.engine.on("a.bin", RetriesTest::refused);
        var id = house.add("acme://a.bin");
        awaitRetry(id, 1);
        house.engine.serve("b.bin", BODY);

        house.clock.advance(Duration.ofMillis(59_999));
        house.awaitCompleted(house.add("acme://b.bin"));

        assertThat(house.host.calls("acme://a.bin")).isEqualTo(1);
        assertThat(house.get(id).status().phase()).isEqualTo(Phase.RETRY_WAIT);
    }

    @Test
    void q12_afterFiveRetriesItFailsAndQ13ItsHistoryKeepsTheLastThree() {
        var count = new AtomicInteger();
        house.host.on(
                "acme://a.bin",
                (link, context) -> failing("Busy " + count.incrementAndGet()).to(link, context));
        var id = house.add("acme://a.bin");
        for (var retry = 1; retry <= 5; retry++) {
            awaitRetry(id, retry);
            // A longer wait than any, and longer than the breaker's.
            house.clock.advance(Duration.ofHours(2));
        }

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().retryCount()).isEqualTo(5);
        assertThat(failed.status().error().message()).isEqualTo("Busy 6");
        assertThat(failed.status().errorHistory())
                .extracting(DownloadError::message, DownloadError::retryCount)
                .containsExactly(tuple("Busy 4", 3), tuple("Busy 5", 4), tuple("Busy 6", 5));

        assertThat(house.command(id, Command.RETRY).status().retryCount()).isZero();
    }

    @Test
    void q12_progressResetsTheCount() {
        house.engine.serve("a.bin", BODY);
        house.engine.on("a.bin", RetriesTest::refused);
        house.engine.on("a.bin", RetriesTest::refused);
        house.engine.on(
                "a.bin",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(10_000);
                    return refused(leg);
                });
        var id = house.add("acme://a.bin");
        awaitRetry(id, 1);
        house.clock.advance(Duration.ofHours(2));
        awaitRetry(id, 2);
        house.clock.advance(Duration.ofHours(2));

        var third = awaitRetry(id, 1);
        assertThat(third.metrics().downloaded()).isEqualTo(10_000);
        house.clock.advance(Duration.ofHours(2));
        house.awaitCompleted(id);
        assertThat(house.engine.served()).isEqualTo(100_000);
    }

    @Test
    void q12_retriesSurviveARestart() {
        house.engine.serve("a.bin", BODY);
        house.engine.on("a.bin", RetriesTest::refused);
        var id = house.add("acme://a.bin");
        awaitRetry(id, 1);

        house.restart();

        assertThat(house.get(id).status().retryCount()).isEqualTo(1);
        assertThat(house.get(id).status().waitUntil()).isNotNull();
        house.clock.advance(Duration.ofMinutes(1));
        house.awaitCompleted(id);
    }

    @Test
    void laterWaitsWithoutSpendingARetry() {
        house.engine.serve("a.bin", BODY);
        var asked = new AtomicInteger();
        house.host.on(
                "acme://a.bin",
                (link, context) ->
                        asked.incrementAndGet() == 1
                                ? new Resolution.Later(Duration.ofMinutes(10), "Ten minutes.")
                                : ScriptedHost.found(link));
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).status().phase() == Phase.HOST_WAIT);

        var waiting = house.get(id).status();
        assertThat(waiting.state()).isEqualTo(DownloadState.QUEUED);
        assertThat(waiting.note()).isEqualTo("Ten minutes.");
        assertThat(waiting.retryCount()).isZero();
        assertThat(waiting.waitUntil()).isEqualTo(house.clock.instant().plusSeconds(600));
        house.clock.advance(Duration.ofMinutes(10));
        house.awaitCompleted(id);
    }

    @Test
    void anExpiredLinkIsResolvedAgainAtOnceAndTheBytesStay() {
        house.engine.serve("a.bin", BODY);
        for (var part = 1; part <= 4; part++) {
            var end = part * 20_000;
            house.engine.on(
                    "a.bin",
                    leg -> {
                        leg.answer();
                        leg.moveUpTo(end);
                        throw new DownloadException(ErrorClass.LINK_EXPIRED, "403");
                    });
        }
        var id = house.add("acme://a.bin");

        house.awaitCompleted(id);
        assertThat(house.host.calls("acme://a.bin")).isEqualTo(5);
        assertThat(house.engine.served()).isEqualTo(100_000);
        assertThat(house.get(id).status().retryCount()).isZero();
    }

    @Test
    void aLinkThatExpiresAtOnceAgainAndAgainIsTheAccountsFault() {
        house.engine.serve("a.bin", BODY);
        for (var i = 0; i < 5; i++) {
            house.engine.on(
                    "a.bin",
                    leg -> {
                        throw new DownloadException(ErrorClass.LINK_EXPIRED, "403");
                    });
        }
        var id = house.add("acme://a.bin");

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(house.host.calls("acme://a.bin")).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"CHANGED", "CHECKSUM", "PROTOCOL"},
            mode = Mode.INCLUDE)
    void oneRepetitionIsMadeAtOnceAndThenTheErrorIsFinal(ErrorClass errorClass) {
        house.engine.serve("a.bin", BODY);
        house.engine.on("a.bin", leg -> failed(errorClass));
        house.engine.on("a.bin", leg -> failed(errorClass));
        var id = house.add("acme://a.bin");

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(errorClass);
        assertThat(house.engine.plans()).hasSize(2);
        assertThat(house.engine.plans())
                .last()
                .extracting(TransferPlan::maxConnections)
                .isEqualTo(errorClass == ErrorClass.PROTOCOL ? 1 : 0);
    }

    @Test
    void wrongBytesAreFetchedWholeOnceMore() {
        house.engine.serve("a.bin", House.body("wrong", 100_000));
        var request = House.request("acme://a.bin").promise(JourneyTest.digest("sha-256", BODY));
        house.engine.on(
                "a.bin",
                leg -> {
                    var end = leg.serve();
                    // What the second transfer will find.
                    house.engine.serve("a.bin", BODY);
                    return end;
                });

        var id = House.idOf(house.add(request));

        house.awaitCompleted(id);
        house.assertPlaced(id, BODY);
        assertThat(house.engine.served()).isEqualTo(200_000);
    }

    @Test
    void wrongBytesTwiceAreFinalAndNothingIsPlaced() {
        house.engine.serve("a.bin", House.body("wrong", 100_000));
        var id =
                House.idOf(
                        house.add(
                                House.request("acme://a.bin")
                                        .promise(JourneyTest.digest("sha-256", BODY))));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.CHECKSUM);
        assertThat(data.resolve("downloads/a.bin")).doesNotExist();
        assertThat(house.engine.plans()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"NOT_FOUND", "BLOCKED", "DECRYPT", "ACCOUNT", "IO"},
            mode = Mode.INCLUDE)
    void whatIsFinalIsTriedOnceAndKeepsItsDetail(ErrorClass errorClass) {
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    throw new DownloadException(errorClass, "No.", Detail.UNAUTHORIZED, null, null);
                });
        var id = house.add("acme://a.bin");

        var error = house.await(id, DownloadState.FAILED).status().error();
        assertThat(error.errorClass()).isEqualTo(errorClass);
        assertThat(error.message()).isEqualTo("No.");
        assertThat(error.detail()).isEqualTo(Detail.UNAUTHORIZED);
        assertThat(house.store.get(id).orElseThrow().status().error()).isEqualTo(error);
        assertThat(house.host.calls()).hasSize(1);
    }

    @Test
    void aLinkThatIsNotFoundLeavesNothingBehind() {
        var id = house.add("acme://missing");

        house.await(id, DownloadState.FAILED);
        Await.until(() -> house.downloads.list().get(0).active() == 0);
        assertThat(data.resolve("staging")).isEmptyDirectory();
        assertThat(data.resolve("downloads")).doesNotExist();
    }

    @Test
    void auth_theSessionIsTriedOnceMoreAndThenTheHostIsHeldWithoutSpendingRetries() {
        house.configure(1);
        var right = new CountDownLatch(1);
        for (var name : House.names("f", 3)) {
            house.engine.serve(name, House.body(name, 1_000));
            house.host.on(
                    "acme://" + name,
                    (link, context) -> {
                        if (right.getCount() > 0) {
                            throw new DownloadException(ErrorClass.AUTH, "Wrong password.");
                        }
                        return ScriptedHost.found(link);
                    });
        }
        var ids = House.names("acme://f", 3).stream().map(house::add).toList();
        Await.until(
                () ->
                        ids.stream()
                                .allMatch(
                                        id ->
                                                house.get(id).status().phase()
                                                        == Phase.ACCOUNT_HELD));

        assertThat(house.host.calls()).as("one refresh for all").hasSize(2);
        assertThat(house.get(ids.get(0)).status().error().errorClass()).isEqualTo(ErrorClass.AUTH);
        assertThat(house.get(ids.get(0)).status().retryCount()).isZero();
        assertThat(house.get(ids.get(2)).status().note()).isEqualTo("Wrong password.");
        assertThat(house.downloads.list().get(0).held()).isEqualTo("Wrong password.");
        assertThat(house.downloads.check(false).get(0).message()).contains("acme");

        right.countDown();
        assertThat(house.downloads.release("acme")).isTrue();
        ids.forEach(house::awaitCompleted);
    }

    @Test
    void auth_aHostThatIsConfiguredAnewIsTriedAgain() {
        var right = new CountDownLatch(1);
        house.engine.serve("a.bin", BODY);
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    if (right.getCount() > 0) {
                        throw new DownloadException(ErrorClass.AUTH, "Wrong password.");
                    }
                    return ScriptedHost.found(link);
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).status().phase() == Phase.ACCOUNT_HELD);
        Await.until(() -> house.downloads.list().get(0).held() != null);

        right.countDown();
        house.hostGoes();
        house.hostComes();

        house.awaitCompleted(id);
    }

    @Test
    void q14_fiveOutagesStopTheQueueOfTheHostAndOneProbeOpensItAgain() {
        house.configure(1);
        var up = new CountDownLatch(1);
        for (var name : House.names("f", 7)) {
            house.engine.serve(name, House.body(name, 1_000));
            house.host.on(
                    "acme://" + name,
                    (link, context) -> {
                        if (up.getCount() > 0) {
                            throw new DownloadException(ErrorClass.NETWORK, "Refused.");
                        }
                        return ScriptedHost.found(link);
                    });
        }
        var ids = House.names("acme://f", 7).stream().map(house::add).toList();
        Await.until(() -> house.downloads.list().get(0).breakerOpenUntil() != null);
        Await.until(() -> house.downloads.list().get(0).active() == 0);

        var waiting = house.get(ids.get(6));
        assertThat(house.host.calls()).hasSize(5);
        assertThat(waiting.status().phase()).isEqualTo(Phase.HOST_WAIT);
        assertThat(waiting.status().waitUntil()).isEqualTo(house.clock.instant().plusSeconds(60));
        assertThat(house.store.get(ids.get(6)).orElseThrow().status().phase())
                .as("not written to waiting rows")
                .isEqualTo(Phase.NONE);

        // The one that tries fails too, and all wait again.
        house.clock.advance(Duration.ofSeconds(60));
        Await.until(() -> house.host.calls().size() == 6);
        Await.until(() -> house.downloads.list().get(0).active() == 0);
        assertThat(house.host.calls()).hasSize(6);

        up.countDown();
        house.clock.advance(Duration.ofHours(1));
        ids.forEach(house::awaitCompleted);
    }

    @Test
    void aFullDiskWaitsAndGoesOnByItselfWhenThereIsSpace() throws IOException {
        var filler = Files.write(data.resolve("filler"), new byte[64 << 20]);
        house.engine.serve("a.bin", BODY);
        house.engine.on(
                "a.bin",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(30_000);
                    throw new DownloadException(ErrorClass.DISK_FULL, "No space on the volume.");
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).status().phase() == Phase.DISK_FULL);
        house.clock.advance(Duration.ofMinutes(1));
        Await.until(() -> house.host.calls().size() == 1 && isWaiting(id));
        assertThat(house.get(id).status().retryCount()).isZero();
        assertThat(house.get(id).status().errorHistory()).hasSize(1);

        Files.delete(filler);

        Await.until(
                () -> {
                    house.clock.advance(Duration.ofSeconds(1));
                    return house.get(id).state() == DownloadState.COMPLETED;
                });
        house.assertPlaced(id, BODY);
        assertThat(house.engine.served()).isEqualTo(100_000);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"AUTH", "DISK_FULL", "NETWORK"},
            mode = Mode.INCLUDE)
    void whoMustNotWaitFailsWithTheClassOfWhatItWouldWaitFor(ErrorClass errorClass) {
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    throw new DownloadException(errorClass, "It is so.");
                });
        var id = House.idOf(house.add(House.request("acme://a.bin").options(IMPATIENT)));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(errorClass);
    }

    @Test
    void whoMustNotWaitFailsAtOnceWhenTheHostIsHeldOrDown() {
        house.host.on(
                "acme://a.bin",
                (link, context) -> {
                    throw new DownloadException(ErrorClass.AUTH, "Wrong password.");
                });
        house.add("acme://a.bin");
        Await.until(() -> house.downloads.list().get(0).held() != null);

        var id = House.idOf(house.add(House.request("acme://b.bin").options(IMPATIENT)));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.AUTH);
        assertThat(failed.status().error().message()).isEqualTo("Wrong password.");
    }

    @Test
    void whoMustNotWaitBearsWithASwapAndThenFails() {
        house.hostGoes();
        var id = House.idOf(house.add(House.request("acme://a.bin").options(IMPATIENT)));
        house.clock.advance(Duration.ofSeconds(4));
        assertThat(house.get(id).state()).isEqualTo(DownloadState.QUEUED);

        house.clock.advance(Duration.ofSeconds(2));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().message()).isEqualTo("waiting for host acme");
        house.hostComes();
    }

    @Test
    void anInternalFaultFailsItsOwnDownloadOnly() {
        house.engine.serve("a.bin", BODY).serve("b.bin", BODY);
        house.engine.on(
                "a.bin",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(100_000);
                    // As if the store had a fault: what is complete is not.
                    return End.NOT_MODIFIED;
                });
        var broken = house.add("acme://a.bin");
        var fine = house.add("acme://b.bin");

        house.awaitCompleted(fine);
        house.await(broken, DownloadState.FAILED, DownloadState.COMPLETED);
    }

    @Test
    void p1_whoReadsAlongIsToldWhenTheDownloadFails() throws Exception {
        var reading = new CountDownLatch(1);
        house.engine.serve("a.bin", BODY);
        house.engine.on(
                "a.bin",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(10_000);
                    if (leg.stoppedBefore(reading)) {
                        return End.STOPPED;
                    }
                    return failed(ErrorClass.NOT_FOUND);
                });
        var id = house.add("acme://a.bin");
        Await.until(() -> house.get(id).metrics().downloaded() == 10_000);

        try (var reader = house.contents.open(SourceKey.parse("acme:a.bin")).orElseThrow()) {
            assertThat(reader.read(0, ByteBuffer.allocate(10_000))).isPositive();
            reading.countDown();
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> reader.read(50_000, ByteBuffer.allocate(10)))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NOT_FOUND));
        }
        house.await(id, DownloadState.FAILED);
    }

    @Test
    void statisticsCountWhatEndedAndNotRetries() {
        house.engine.serve("a.bin", BODY);
        house.engine.on("a.bin", RetriesTest::refused);
        var id = house.add("acme://a.bin");
        awaitRetry(id, 1);
        house.clock.advance(Duration.ofMinutes(1));
        house.awaitCompleted(id);
        house.await(house.add("acme://missing"), DownloadState.FAILED);

        var statistics = house.downloads.statistics();
        assertThat(statistics.sinceStart()).isEqualTo(new Totals(1, 1, 100_000));
        assertThat(statistics.allTime()).isEqualTo(statistics.sinceStart());
        house.restart();
        assertThat(house.downloads.statistics().allTime()).isEqualTo(statistics.allTime());
        assertThat(house.downloads.statistics().sinceStart()).isEqualTo(Totals.NONE);
    }

    private boolean isWaiting(String id) {
        return house.get(id).state() == DownloadState.QUEUED;
    }

    private Download awaitRetry(String id, int count) {
        Await.until(
                () ->
                        isWaiting(id)
                                && house.get(id).status().retryCount() == count
                                && house.get(id).status().waitUntil() != null
                                && house.get(id)
                                        .status()
                                        .waitUntil()
                                        .isAfter(house.clock.instant()));
        return house.get(id);
    }

    private static End refused(ScriptedEngine.Leg leg) throws DownloadException {
        return failed(ErrorClass.NETWORK);
    }

    private static End failed(ErrorClass errorClass) throws DownloadException {
        throw new DownloadException(errorClass, "It is " + errorClass + ".");
    }
}
