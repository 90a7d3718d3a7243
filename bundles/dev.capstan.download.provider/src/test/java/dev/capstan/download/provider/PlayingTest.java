package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.content.ContentReader;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Ingest;
import dev.capstan.download.Added;
import dev.capstan.download.Added.Outcome;
import dev.capstan.download.Command;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.Reading;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.event.Topics;
import dev.capstan.host.direct.DirectHost;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.transfer.spi.TransferResult.End;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.util.promise.Promise;

/** What may be played, when it starts, how long it lasts, and how it ends. */
class PlayingTest extends HouseTest {
    private static final int SIZE = 100_000;
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final CountDownLatch going = new CountDownLatch(1);
    private final byte[] body = House.body("x", SIZE);

    // --- P11: when it starts

    @Test
    void p11_whatIsPlayedDoesNotWaitBehindAFullQueue() throws Exception {
        house.configure(1);
        var running = held("a");
        Await.until(() -> house.engine.flying() == 1);
        house.engine.serve("x", body);
        var waiting = house.add("acme://x");

        try (var reader = House.get(house.downloads.open(waiting))) {
            assertThat(read(reader, 0, SIZE)).isEqualTo(body);
        }

        assertThat(house.get(running).state()).isEqualTo(DownloadState.DOWNLOADING);
        going.countDown();
        house.awaitCompleted(running);
        house.awaitCompleted(waiting);
    }

    @Test
    void p11_fourAreStartedBesideTheOthersAndTheNextWaitsForOneOfThem() throws Exception {
        house.configure(1);
        held("a");
        Await.until(() -> house.engine.flying() == 1);
        var ids = House.names("p", 5).stream().map(this::held).toList();

        var promises = ids.stream().map(house.downloads::open).toList();

        Await.until(() -> house.engine.flying() == 5);
        Await.until(() -> promises.stream().filter(Promise::isDone).count() == 4);
        var queued = ids.stream().filter(id -> isQueued(id)).toList();
        assertThat(queued).hasSize(1);
        var playing = ids.stream().filter(id -> !isQueued(id)).findFirst().orElseThrow();
        house.command(playing, Command.PAUSE);
        closeAll(promises);
    }

    @Test
    void p11_aDownloadThatFailsForNowIsReadOnceItGoesOn() throws Exception {
        house.engine.serve("x", body);
        var tries = new AtomicInteger();
        house.host.on(
                "acme://x",
                (link, context) -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new DownloadException(ErrorClass.UNAVAILABLE, "Come back.");
                    }
                    return ScriptedHost.found(link);
                });
        var id = house.add("acme://x");
        var promise = house.downloads.open(id);
        Await.until(() -> house.get(id).status().phase() == Phase.RETRY_WAIT);
        assertThat(promise.isDone()).isFalse();

        house.clock.advance(Duration.ofMinutes(2));

        try (var reader = House.get(promise)) {
            assertThat(read(reader, 0, SIZE)).isEqualTo(body);
        }
    }

    @Test
    void p11_whatWaitsForARetryGoesOnBesideAFullQueueToo() throws Exception {
        house.configure(1);
        var tries = new AtomicInteger();
        house.host.on(
                "acme://x",
                (link, context) -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new DownloadException(ErrorClass.UNAVAILABLE, "Come back.");
                    }
                    return ScriptedHost.found(link);
                });
        house.engine.serve("x", body);
        held("a");
        Await.until(() -> house.engine.flying() == 1);
        var id = house.add("acme://x");
        var promise = house.downloads.open(id);
        Await.until(() -> house.get(id).status().phase() == Phase.RETRY_WAIT);

        house.clock.advance(Duration.ofMinutes(2));

        try (var reader = House.get(promise)) {
            assertThat(read(reader, 0, SIZE)).isEqualTo(body);
        }
    }

    @Test
    void p11_aDownloadThatFailsBeforeItsFirstByteTellsItsError() {
        house.engine.on(
                "x",
                leg -> {
                    throw new DownloadException(
                            ErrorClass.BLOCKED, "It is huge.", Detail.TOO_BIG, null, null);
                });
        house.configure(1);
        held("a");
        Await.until(() -> house.engine.flying() == 1);
        var promise = house.downloads.open(house.add("acme://x"));

        assertThatExceptionOfType(InvocationTargetException.class)
                .isThrownBy(promise::getValue)
                .havingCause()
                .isInstanceOf(DownloadException.class)
                .withMessage("It is huge.")
                .extracting(error -> ((DownloadException) error).detail())
                .isEqualTo(Detail.TOO_BIG);
    }

    @Test
    void p11_whatCannotBePlayedIsRefusedWithTheReason() {
        house.engine.serve("x", body);
        var paused = House.idOf(house.add(House.request("acme://x").paused(true)));
        var failed = house.add("acme://none");
        house.await(failed, DownloadState.FAILED);
        house.host.on("acme://list", (link, context) -> ScriptedHost.listing("L", "acme://x"));
        var listing = house.add("acme://list");
        house.awaitCompleted(listing);

        for (var id : new String[] {paused, failed}) {
            var refusal = house.refusal(house.downloads.open(id));
            assertThat(refusal.reason()).isEqualTo(Reason.ILLEGAL_MOVE);
            assertThat(refusal.state()).contains(house.get(id).state());
        }
        assertThat(house.refusal(house.downloads.open(listing)).reason()).isEqualTo(Reason.INVALID);
        assertThat(house.refusal(house.downloads.open("nobody")).reason())
                .isEqualTo(Reason.NOT_FOUND);
        house.command(paused, Command.CANCEL);
        assertThat(house.refusal(house.downloads.open(paused)).state())
                .contains(DownloadState.CANCELLED);
    }

    // --- what a reader lives through

    @Test
    void aReaderIsToldWhenItsDownloadIsPausedOrCancelledAlsoBetweenTwoTries() throws Exception {
        house.engine.serve("x", body);
        for (var command : new Command[] {Command.PAUSE, Command.CANCEL}) {
            for (var atRest : new boolean[] {false, true}) {
                house.engine.on(
                        "x",
                        leg -> {
                            leg.answer();
                            leg.moveUpTo(1000);
                            if (atRest) {
                                throw new DownloadException(ErrorClass.NETWORK, "Cut.");
                            }
                            return leg.hold();
                        });
                var id = house.add("acme://x");
                try (var reader = House.get(house.downloads.open(id))) {
                    assertThat(read(reader, 0, 1000)).isEqualTo(slice(0, 1000));
                    if (atRest) {
                        house.await(id, DownloadState.QUEUED);
                    }
                    var waiting = later(() -> read(reader, 1000, 1));
                    house.command(id, command);
                    assertThatExceptionOfType(ExecutionException.class)
                            .isThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                            .withMessageContaining(
                                    command == Command.PAUSE ? "paused" : "cancelled");
                }
                house.downloads.remove(id, false).getValue();
            }
        }
    }

    @Test
    void aReaderLivesOnThroughAnotherTryAndTheCommit() throws Exception {
        house.engine.serve("x", body);
        house.engine.on(
                "x",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(1000);
                    throw new DownloadException(ErrorClass.NETWORK, "Cut.");
                });
        var id = house.add("acme://x");
        try (var reader = House.get(house.downloads.open(id))) {
            var whole = later(() -> read(reader, 0, SIZE));
            house.await(id, DownloadState.QUEUED);
            house.clock.advance(Duration.ofMinutes(2));
            assertThat(whole.get(10, TimeUnit.SECONDS)).isEqualTo(body);
            house.awaitCompleted(id);
            assertThat(reader.isVerified()).isTrue();
            assertThat(read(reader, SIZE - 7, 7)).isEqualTo(slice(SIZE - 7, 7));
        }
    }

    @Test
    void aReaderIsNotHarmedByTheEndOfAnotherDownloadOfTheSameSource() throws Exception {
        house.engine.serve("x", body);
        var key = new SourceKey("acme", "same");
        for (var link : new String[] {"acme://1", "acme://2"}) {
            house.host.on(
                    link,
                    (asked, context) ->
                            new Resolution.Found(RemoteFile.of(key, ScriptedHost.engineLink("x"))));
        }
        house.engine.on(
                "x",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(1000);
                    return leg.hold();
                });
        var first = house.add("acme://1");
        Await.until(() -> house.get(first).metrics().downloaded() == 1000);
        var second = house.add("acme://2");
        house.await(second, DownloadState.DOWNLOADING);
        try (var reader = House.get(house.downloads.open(second))) {
            var whole = later(() -> read(reader, 0, SIZE));
            house.command(first, Command.CANCEL);
            assertThat(whole.get(10, TimeUnit.SECONDS)).isEqualTo(body);
        }
        house.awaitCompleted(second);
        assertThat(house.engine.served()).isEqualTo(SIZE);
    }

    // --- the bytes for the store alone

    @Test
    void whatIsForTheStoreAloneIsVerifiedAndNeverPlaced() throws Exception {
        house.engine.serve("x", body);
        var id = House.idOf(house.add(House.request("acme://x").cacheOnly(true)));

        var done = house.awaitCompleted(id);

        assertThat(done.target().placed()).isNull();
        assertThat(Files.exists(data.resolve("downloads"))).isFalse();
        assertThat(done.metrics().size()).isEqualTo(SIZE);
        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(reader.isVerified()).isTrue();
            assertThat(read(reader, 0, SIZE)).isEqualTo(body);
        }
    }

    @Test
    void e9_whatWasGivenUpToMakeRoomIsFetchedAgainWhenItIsPlayed() throws Exception {
        house.engine.serve("x", body);
        var id = House.idOf(house.add(House.request("acme://x").cacheOnly(true)));
        var digest = house.awaitCompleted(id).digest();
        Await.until(() -> house.contents.evict(digest));

        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, 0, SIZE)).isEqualTo(body);
        }

        house.awaitCompleted(id);
        assertThat(house.engine.served()).isEqualTo(2L * SIZE);
    }

    @Test
    void p7_whatWasDamagedIsSetAsideAndFetchedAgainWhenItIsPlayed() throws Exception {
        house.engine.serve("x", body);
        var id = House.idOf(house.add(House.request("acme://x").cacheOnly(true)));
        var digest = house.awaitCompleted(id).digest();
        var path = house.contents.find(digest).orElseThrow().path();
        assertThat(path.toFile().setWritable(true)).isTrue();
        Files.write(path, new byte[SIZE]);

        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, 0, SIZE)).isEqualTo(body);
        }

        house.awaitCompleted(id);
        assertThat(house.engine.served()).isEqualTo(2L * SIZE);
        assertThat(house.contents.usage().quarantined()).isEqualTo(1);
    }

    @Test
    void howItIsPlayedOutlivesARestart() {
        house.configure(1);
        held("a");
        var id =
                House.idOf(
                        house.add(
                                House.request("acme://x")
                                        .cacheOnly(true)
                                        .lookAhead(DownloadRequest.STREAM)));
        house.restart();

        var options = house.get(id).options();
        assertThat(options.cacheOnly()).isTrue();
        assertThat(options.lookAhead()).isEqualTo(DownloadOptions.STREAM);
    }

    @Test
    void oneFetchForAll_whoeverWantsLessIsServedByWhoWantsMoreAndNobodyTakesAwayAPlacedFile()
            throws Exception {
        house.configure(1);
        held("a");
        Await.until(() -> house.engine.flying() == 1);
        var stream = House.request("acme://x").cacheOnly(true).lookAhead(1000);
        var whole = House.request("acme://x").cacheOnly(true);
        var placed = House.request("acme://x");

        var first = house.add(stream);
        var second = house.add(whole);
        var third = house.add(placed);

        assertThat(Stream.of(first, second, third)).allMatch(a -> a.outcome() == Outcome.CREATED);
        // The same wishes again find what brings at least as much.
        assertThat(house.add(placed).outcome()).isEqualTo(Outcome.ALREADY_ACTIVE);
        assertThat(house.add(whole).outcome()).isEqualTo(Outcome.ALREADY_ACTIVE);
        assertThat(House.idOf(house.add(stream))).isEqualTo(House.idOf(second));
        house.engine.serve("x", body);
        going.countDown();
        for (var added : new Added[] {second, third}) {
            house.awaitCompleted(House.idOf(added));
        }
        house.assertPlaced(House.idOf(third), body);
        assertThat(house.engine.served() - 1000).isEqualTo(SIZE);
        // A stream of what was placed leaves the placed one's row as it is.
        house.downloads.remove(House.idOf(first), false).getValue();
        house.downloads.remove(House.idOf(second), false).getValue();
        assertThat(house.add(stream).outcome()).isEqualTo(Outcome.CREATED);
        assertThat(house.get(House.idOf(third)).target().placed()).isNotNull();
    }

    @Test
    void oneFetchForAll_whoeverCannotWaitLeavesWhatAQueuedFileIsForAsItIs() throws Exception {
        house.configure(1);
        held("a");
        Await.until(() -> house.engine.flying() == 1);
        var id = House.idOf(house.add(House.request("acme://x")));
        var hasty =
                House.request("acme://x")
                        .options(new DownloadOptions(0, 0, 0, null, true))
                        .cacheOnly(true);

        assertThat(house.add(hasty).outcome()).isEqualTo(Outcome.ALREADY_ACTIVE);

        assertThat(house.get(id).options()).isEqualTo(DownloadOptions.DEFAULT);
        house.engine.serve("x", body);
        going.countDown();
        house.awaitCompleted(id);
        house.assertPlaced(id, body);
    }

    // --- P10, P15: how far, and how long

    @Test
    void p10_theTransferHearsHowFarItMayGo() throws Exception {
        house.engine.serve("x", body);
        var horizons = new ArrayList<Long>();
        var filler = new CompletableFuture<Ingest>();
        house.engine.on(
                "x",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(5000);
                    horizons.add(leg.horizon());
                    filler.complete(leg.ingest());
                    while (leg.horizon() != Long.MAX_VALUE && !leg.isStopped()) {
                        Thread.onSpinWait();
                    }
                    return leg.isStopped() ? End.STOPPED : leg.serve();
                });
        var stream =
                House.idOf(house.add(House.request("acme://x").cacheOnly(true).lookAhead(1000)));
        filler.get(10, TimeUnit.SECONDS);
        assertThat(horizons).containsExactly(1000L);

        // Whoever wants the whole gets it.
        var whole = house.add("acme://x");

        house.awaitCompleted(whole);
        house.awaitCompleted(stream);
        assertThat(house.engine.served()).isEqualTo(SIZE);
    }

    @Test
    void p15_aStreamEndsSomeTimeAfterItsLastReaderAndIsTakenUpAgainWhereItWas() throws Exception {
        house.engine.serve("x", body);
        house.engine.on(
                "x",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(5000);
                    return leg.hold();
                });
        var request = House.request("acme://x").cacheOnly(true).lookAhead(1000);
        var id = House.idOf(house.add(request));
        var reader = House.get(house.downloads.open(id));
        var other = House.get(house.downloads.open(id));
        reader.close();
        house.clock.advance(GRACE.multipliedBy(2));
        house.downloads.endUnheard();
        assertThat(house.get(id).state()).isEqualTo(DownloadState.DOWNLOADING);

        other.close();
        house.downloads.endUnheard();
        house.clock.advance(GRACE);

        var ended = house.await(id, DownloadState.CANCELLED);
        assertThat(ended.status().note()).contains("nobody");
        assertThat(house.contents.usage().stagingBytes()).isEqualTo(5000);
        assertThat(House.idOf(house.add(request))).isEqualTo(id);
        try (var again = House.get(house.downloads.open(id))) {
            assertThat(read(again, 0, SIZE)).isEqualTo(body);
        }
        Await.until(() -> house.engine.served() == SIZE);
    }

    @Test
    void p15_whatWasToBePlayedAndFailedLeavesTheListAfterADay() throws Exception {
        for (var name : List.of("x", "y")) {
            house.engine.on(
                    name,
                    leg -> {
                        throw new DownloadException(ErrorClass.NOT_FOUND, "It is gone.");
                    });
        }
        var stream = House.request("acme://x").cacheOnly(true).lookAhead(1000);
        var played = House.idOf(house.add(stream));
        var wanted = house.add("acme://y");
        house.await(played, DownloadState.FAILED);
        house.await(wanted, DownloadState.FAILED);

        house.clock.advance(Leftovers.KEPT.minusMinutes(1));
        house.downloads.sweepLeftovers();
        assertThat(house.get(played).state()).isEqualTo(DownloadState.FAILED);
        house.clock.advance(Duration.ofMinutes(2));
        house.downloads.sweepLeftovers();

        Await.until(() -> house.downloads.get(played).isEmpty());
        assertThat(house.get(wanted).state()).isEqualTo(DownloadState.FAILED);
    }

    @Test
    void p14_whoReadsAlongIsToldWithTheIdOfTheDownload() throws Exception {
        var id = held("x");
        try (var reader = House.get(house.downloads.open(id))) {
            awaitReading(new Reading(id, 1, 0));
            going.countDown();
            assertThat(read(reader, 0, 1)).hasSize(1);
        }
    }

    private void awaitReading(Reading reading) {
        Await.until(
                () ->
                        house.events.all().stream()
                                .filter(e -> e.getTopic().equals(Topics.DOWNLOAD_READING))
                                .flatMap(e -> ((List<?>) e.getProperty(Topics.READINGS)).stream())
                                .anyMatch(reading::equals));
    }

    @Test
    void p15_aDownloadThatIsPlacedNeedsNoReader() throws Exception {
        var id = held("x");
        House.get(house.downloads.open(id)).close();
        house.downloads.endUnheard();

        house.clock.advance(GRACE.multipliedBy(2));
        house.downloads.endUnheard();

        assertThat(house.get(id).state()).isEqualTo(DownloadState.DOWNLOADING);
        going.countDown();
        house.awaitCompleted(id);
    }

    // --- P13

    @Test
    void p13_aLocalFileIsPlayedInPlaceAndNeverBecomesContent() throws Exception {
        var file = Files.write(data.resolve("mine.bin"), body);
        try (var direct = local()) {
            house.downloads.hostCame(direct);
            var request = House.request(file.toUri().toString()).cacheOnly(true);
            var id = House.idOf(house.add(request));
            try (var reader = House.get(house.downloads.open(id))) {
                assertThat(reader.length()).hasValue(SIZE);
                assertThat(read(reader, 70_000, 5)).isEqualTo(slice(70_000, 5));
            }
            var done = house.awaitCompleted(id);
            assertThat(done.target().placed()).isNull();
            assertThat(done.metrics().size()).isEqualTo(SIZE);
            assertThat(house.contents.usage().items()).isZero();
        }
    }

    private static HostService local() {
        var resolver = new DirectHost();
        return new HostService(
                Map.of(HostResolver.ID, "direct", HostResolver.SCHEMES, new String[] {"file"}),
                "dev.capstan.host.direct",
                "1.0.0",
                () -> resolver);
    }

    /** Adds a download whose transfer has answered, and stands still until it may go on. */
    private String held(String name) {
        var bytes = House.body(name, SIZE);
        house.engine.serve(name, name.equals("a") ? Arrays.copyOf(bytes, 1000) : bytes);
        house.engine.on(
                name,
                leg -> {
                    leg.answer();
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        return house.add("acme://" + name);
    }

    private boolean isQueued(String id) {
        return house.get(id).state() == DownloadState.QUEUED;
    }

    private void closeAll(List<Promise<ContentReader>> promises) {
        for (var promise : promises) {
            House.get(promise).close();
        }
    }

    private byte[] slice(int from, int length) {
        return Arrays.copyOfRange(body, from, from + length);
    }

    static byte[] read(ContentReader reader, long from, int length)
            throws DownloadException, InterruptedException {
        var target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && reader.read(from + target.position(), target) >= 0) {
            // More to come.
        }
        return Arrays.copyOf(target.array(), target.position());
    }

    /** What a thread of its own does. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws DownloadException, InterruptedException;
    }

    static <T> CompletableFuture<T> later(Task<T> task) {
        var result = new CompletableFuture<T>();
        new Thread(
                        () -> {
                            try {
                                result.complete(task.run());
                            } catch (DownloadException | InterruptedException e) {
                                result.completeExceptionally(e);
                            }
                        },
                        "test-reader")
                .start();
        return result;
    }
}
