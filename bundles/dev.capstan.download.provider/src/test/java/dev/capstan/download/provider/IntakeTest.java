package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Added;
import dev.capstan.download.Added.Outcome;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is taken, what is refused, and Q9: what becomes of links that are known. */
class IntakeTest extends HouseTest {
    private static final byte[] BODY = House.body("a.bin", 10_000);

    @Test
    void oneRefusalDoesNotHarmTheOthersAndAnswersAreInOrder() {
        var added =
                house.add(
                        List.of(
                                House.request("acme://a"),
                                House.request("nonsense"),
                                House.request("ftp://host/x"),
                                House.request("acme://foreign"),
                                House.request("file:///etc/passwd").trust(Trust.NETWORK),
                                House.request("acme://b")));

        assertThat(added)
                .extracting(Added::outcome)
                .containsExactly(
                        Outcome.CREATED,
                        Outcome.REFUSED,
                        Outcome.REFUSED,
                        Outcome.REFUSED,
                        Outcome.REFUSED,
                        Outcome.CREATED);
        assertThat(added.stream().filter(one -> one.refusal() != null))
                .extracting(one -> one.refusal().reason())
                .containsExactly(
                        Reason.INVALID, Reason.UNSUPPORTED, Reason.UNSUPPORTED, Reason.BLOCKED);
        assertThat(added.get(2).refusal()).hasMessage("No host takes ftp: links.");
    }

    @Test
    void wishesThatCannotBeAreRefusedBySentences() {
        for (var request :
                List.of(
                        House.request("acme://a").folder(Path.of("relative")),
                        House.request("acme://a").category("../../etc"),
                        House.request("acme://a").fileName(" "),
                        House.request("acme://a").metadata("capstan.listing", "0 x"),
                        House.request("acme://a").header("X", "a\nb"))) {
            var refusal = house.add(request).refusal();
            assertThat(refusal).isNotNull();
            assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
            assertThat(refusal.getMessage()).isNotBlank();
        }
        assertThat(house.all()).isEmpty();
    }

    @Test
    void requestsAreReadBeforeAddReturns() {
        var requests = new ArrayList<>(List.of(House.request("acme://a").priority(1)));
        var promise = house.downloads.add(requests);
        requests.get(0).priority(9);
        requests.clear();

        assertThat(House.get(promise).get(0).download().priority()).isEqualTo(1);
    }

    @Test
    void d1_anyFormOfALinkNamesItsDownloads() {
        house.engine.serve("a", BODY);
        var id = House.idOf(house.add(House.request("acme://www.a")));
        house.add(House.request("acme://other"));

        assertThat(House.get(house.downloads.withLink("acme://a")))
                .extracting(Download::id)
                .containsExactly(id);
        assertThat(House.get(house.downloads.withLink(" acme://www.a ")))
                .extracting(Download::id)
                .containsExactly(id);
        assertThat(House.get(house.downloads.withLink("acme://unknown"))).isEmpty();
        for (var link : List.of("acme://foreign", "ftp://x", "nonsense")) {
            assertThat(house.downloads.withLink(link))
                    .satisfies(
                            promise ->
                                    assertThat(promise.getFailure())
                                            .isInstanceOf(RefusedException.class));
        }
    }

    @Test
    void s7_secretsAreKeptWithTheSecretsAndReachTheHostAndNothingElse() {
        house.engine.serve("host/a", BODY);
        var seen = new AtomicReference<String>();
        house.host.on(
                "acme://host/a",
                (link, context) -> {
                    seen.set(context.headers() + " " + context.linkPassword().orElse(""));
                    return ScriptedHost.found(link);
                });

        var id =
                House.idOf(
                        house.add(
                                House.request("acme://me:canary1@host/a")
                                        .header("Cookie", "canary2")
                                        .linkPassword("canary3")));
        var done = house.awaitCompleted(id);

        assertThat(seen.get()).contains("Basic ", "canary2", "canary3");
        assertThat(done.source().link()).isEqualTo("acme://host/a");
        assertThat(done.secretRef()).isNotNull();
        assertThat(done.toString()).doesNotContain("canary");
        for (var canary : List.of("canary1", "canary2", "canary3", "Basic ")) {
            assertThat(house.anyFileContains(canary)).as(canary).isFalse();
        }
        assertThat(secrets()).hasSize(1);

        House.get(house.downloads.remove(id, false));
        assertThat(secrets()).isEmpty();
    }

    @Test
    void s7_aSecretThatIsReplacedOrNotTakenIsRemoved() {
        var id = House.idOf(house.add(failing("one")));
        house.await(id, DownloadState.FAILED);

        assertThat(house.add(failing("two")).outcome()).isEqualTo(Outcome.REVIVED);
        house.await(id, DownloadState.FAILED);
        assertThat(secrets()).hasSize(1);

        house.engine.serve("held", BODY);
        house.engine.on("held", ScriptedEngine.Leg::hold);
        var held = house.add("acme://held");
        Await.until(() -> house.engine.flying() == 1);
        var again = house.add(House.request("acme://held").linkPassword("three"));
        assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_ACTIVE);
        assertThat(House.idOf(again)).isEqualTo(held);
        assertThat(secrets()).hasSize(1);
    }

    @Test
    void q9_aLinkThatWaitsOrRunsForTheSameTargetStandsForANewWish() {
        house.configure(1);
        house.engine.serve("held", BODY);
        house.engine.on("held", ScriptedEngine.Leg::hold);
        var running = house.add("acme://held");
        var waiting = house.add("acme://a");
        Await.until(() -> house.engine.flying() == 1);

        for (var link : List.of("acme://held", "acme://www.held")) {
            var again = house.add(House.request(link));
            assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_ACTIVE);
            assertThat(House.idOf(again)).isEqualTo(running);
        }
        assertThat(House.idOf(house.add(House.request("acme://a")))).isEqualTo(waiting);
        house.command(waiting, Command.PAUSE);
        var paused = house.add(House.request("acme://a"));
        assertThat(paused.download().state()).isEqualTo(DownloadState.PAUSED);
        assertThat(house.all()).hasSize(2);
    }

    @Test
    void q9_theSameLinkTwiceInOneCallIsOneDownload() {
        var added = house.add(List.of(House.request("acme://a"), House.request("acme://a")));

        assertThat(added)
                .extracting(Added::outcome)
                .containsExactly(Outcome.CREATED, Outcome.ALREADY_ACTIVE);
        assertThat(House.idOf(added.get(0))).isEqualTo(House.idOf(added.get(1)));
    }

    @Test
    void q9_theSameLinkForAnotherTargetIsAnotherDownload() {
        house.configure(1);
        house.engine.serve("a", BODY);
        house.engine.on("a", ScriptedEngine.Leg::hold);
        house.add("acme://a");

        for (var other :
                List.of(
                        House.request("acme://a").folder(data.resolve("other")),
                        House.request("acme://a").fileName("other.bin"),
                        House.request("acme://a").category("other"))) {
            assertThat(house.add(other).outcome()).isEqualTo(Outcome.CREATED);
        }
    }

    @Test
    void q9_anEndedDownloadIsRevivedWithTheNewWishAndItsOwnBatchAndMetadata() {
        var batch = new BatchRef("01JGFJJZ00000000000000BTCH", "Season 1");
        var id =
                House.idOf(
                        house.add(
                                House.request("acme://a")
                                        .batch(batch)
                                        .metadata("season", "1")
                                        .folder(data.resolve("one"))));
        house.await(id, DownloadState.FAILED);
        house.engine.serve("a", BODY);
        var options = new DownloadOptions(2, 0, 1, null, false);

        var again =
                house.add(
                        House.request("acme://a")
                                .folder(data.resolve("two"))
                                .options(options)
                                .metadata("episode", "2"));

        assertThat(again.outcome()).isEqualTo(Outcome.REVIVED);
        assertThat(House.idOf(again)).isEqualTo(id);
        var done = house.awaitCompleted(id);
        assertThat(done.batch()).isEqualTo(batch);
        assertThat(done.metadata()).isEqualTo(Map.of("season", "1", "episode", "2"));
        assertThat(done.options()).isEqualTo(options);
        assertThat(done.target().placed()).isEqualTo(data.resolve("two/a"));
        assertThat(done.status().error()).isNull();
        assertThat(done.status().errorHistory()).hasSize(1);
    }

    @Test
    void q9_theSecondTimeNoBodyIsMovedAndTheFileIsThereAlready() {
        house.engine.serve("a", BODY);
        var id = house.add("acme://a");
        house.awaitCompleted(id);

        var again = house.add(House.request("acme://a"));

        assertThat(again.outcome()).isEqualTo(Outcome.REVIVED);
        Await.until(() -> house.engine.plans().size() == 2);
        assertThat(house.awaitCompleted(id).target().placed())
                .isEqualTo(data.resolve("downloads/a"));
        assertThat(house.engine.served()).isEqualTo(10_000);
        assertThat(house.engine.plans().get(1).known()).isNotNull();
    }

    @Test
    void q9_aFileThatWasRemovedIsPlacedAgainFromTheStore() throws IOException {
        house.engine.serve("a", BODY);
        var id = house.add("acme://a");
        Files.delete(house.awaitCompleted(id).target().placed());

        house.add("acme://a");

        Await.until(() -> house.engine.plans().size() == 2);
        house.awaitCompleted(id);
        house.assertPlaced(id, BODY);
        assertThat(house.engine.served()).isEqualTo(10_000);
    }

    @Test
    void q9_whatIsPlacedWithThePromisedDigestIsAlreadyThere() throws IOException {
        house.engine.serve("a", BODY);
        var id = house.add("acme://a");
        var placed = house.awaitCompleted(id).target().placed();
        var request = House.request("acme://a").promise(JourneyTest.digest("sha-256", BODY));

        var again = house.add(request);
        assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_THERE);
        assertThat(again.download().target().placed()).isEqualTo(placed);
        assertThat(house.host.calls()).hasSize(1);

        Files.delete(placed);
        assertThat(house.add(request).outcome()).isEqualTo(Outcome.REVIVED);
        house.awaitCompleted(id);
        house.assertPlaced(id, BODY);
    }

    @Test
    void q9_somebodyAtATerminalDoesNotWaitForTheRestOfABackOff() {
        house.host.on("acme://a", RetriesTest.failing("Busy"));
        var id = house.add("acme://a");
        Await.until(() -> house.get(id).status().phase() == Phase.RETRY_WAIT);
        house.engine.serve("a", BODY);
        house.host.on("acme://a", (link, context) -> ScriptedHost.found(link));

        var now =
                house.add(
                        House.request("acme://a")
                                .options(new DownloadOptions(0, 0, 0, null, true)));

        assertThat(now.outcome()).isEqualTo(Outcome.ALREADY_ACTIVE);
        house.awaitCompleted(id);
    }

    @Test
    void aDownloadCanBeAddedWithoutBeingStarted() {
        house.engine.serve("a", BODY);

        var added = house.add(House.request("acme://a").paused(true));

        assertThat(added.download().state()).isEqualTo(DownloadState.PAUSED);
        house.command(House.idOf(added), Command.RESUME);
        house.awaitCompleted(House.idOf(added));
    }

    @Test
    void q5_manyAddedAtOnceAreAllThereAndToldOnce() {
        house.configure(1);
        house.engine.serve("held", BODY);
        house.engine.on("held", ScriptedEngine.Leg::hold);
        house.add("acme://held");
        Await.until(() -> house.engine.flying() == 1);

        var added = house.add(House.names("acme://n", 5_000).stream().map(House::request).toList());

        assertThat(added).hasSize(5_000);
        assertThat(house.downloads.statistics().counts().get(DownloadState.QUEUED))
                .isEqualTo(5_000);
        Await.until(() -> house.events.downloads(Topics.DOWNLOAD_ADDED).size() == 5_001);
        assertThat(added.stream().map(Added::download).map(Download::id)).isSorted();
    }

    @Test
    void q5_manyCallersAtOnceGetEachTheirAnswer() throws InterruptedException {
        var ready = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        var ids = ConcurrentHashMap.<String>newKeySet();
        for (var caller = 0; caller < 16; caller++) {
            var number = caller;
            var thread =
                    new Thread(
                            () -> {
                                try {
                                    ready.await();
                                } catch (InterruptedException e) {
                                    return;
                                }
                                for (var i = 0; i < 20; i++) {
                                    ids.add(house.add("acme://c" + (number * 20 + i) % 100));
                                }
                            });
            threads.add(thread);
            thread.start();
        }
        ready.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(ids).hasSize(100);
    }

    private static DownloadRequest failing(String password) {
        return House.request("acme://missing").linkPassword(password);
    }

    private List<Path> secrets() {
        try (var files = Files.list(data.resolve("secrets"))) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
