package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.download.Command;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.transfer.spi.TransferResult.End;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** From a link to a file. */
class JourneyTest extends HouseTest {
    private static final byte[] BODY = House.body("a.bin", 100_000);

    @Test
    void aLinkBecomesAFileWithItsDigest() {
        house.engine.serve("a.bin", BODY);

        var id = house.add("acme://a.bin");

        var done = house.awaitCompleted(id);
        assertThat(done.target().placed()).isEqualTo(data.resolve("downloads/a.bin"));
        assertThat(done.metrics().downloaded()).isEqualTo(100_000);
        assertThat(done.metrics().size()).isEqualTo(100_000);
        assertThat(done.digest()).isEqualTo(digest("sha-256", BODY));
        assertThat(done.status().phase()).isEqualTo(Phase.NONE);
        assertThat(done.completed()).isEqualTo(house.clock.instant());
        assertThat(done.source().key()).isEqualTo(SourceKey.parse("acme:a.bin"));
        house.assertPlaced(id, BODY);
    }

    @Test
    void q1_statesAreToldInOrderAndTheBeginningAsAdded() {
        house.engine.serve("a.bin", BODY);
        var id = house.add("acme://a.bin");
        house.awaitCompleted(id);

        Await.until(() -> house.events.states(id).contains(DownloadState.COMPLETED));
        assertThat(house.events.states(id))
                .containsExactly(
                        DownloadState.STARTING, DownloadState.DOWNLOADING, DownloadState.COMPLETED);
        assertThat(house.events.downloads(Topics.DOWNLOAD_ADDED))
                .extracting(download -> download.id() + " " + download.state())
                .containsExactly(id + " QUEUED");
    }

    @Test
    void aDirectLinkIsNowhereButInMemory() {
        house.engine.serve("a.bin", BODY);
        house.awaitCompleted(house.add("acme://a.bin"));

        assertThat(house.anyFileContains("token=canary")).isFalse();
        assertThat(house.events.all().toString()).doesNotContain("canary");
    }

    @Test
    void theAnswersNameReplacesAGuessAndNotTheHostsOrTheUsers() {
        for (var name : List.of("guess", "sure", "given")) {
            house.engine.serve(name, House.body(name, 10));
            house.engine.on(
                    name,
                    leg -> {
                        leg.answer("../an/answer " + name + ".txt", Set.of());
                        leg.moveUpTo(10);
                        return End.COMPLETE;
                    });
        }
        house.host.on("acme://guess", (link, context) -> guessing("guess", "index.html"));

        var guess = house.add("acme://guess");
        var sure = house.add("acme://sure");
        var given = House.idOf(house.add(House.request("acme://given").fileName("mine.txt")));

        assertThat(house.awaitCompleted(guess).target().placed())
                .isEqualTo(data.resolve("downloads/answer guess.txt"));
        assertThat(house.awaitCompleted(sure).target().placed())
                .isEqualTo(data.resolve("downloads/sure"));
        assertThat(house.awaitCompleted(given).target().placed())
                .isEqualTo(data.resolve("downloads/mine.txt"));
    }

    @Test
    void s3_twoDownloadsOfOneNameGetDistinctFiles() {
        var both = new CountDownLatch(2);
        for (var link : List.of("one", "two")) {
            house.engine.serve(link, House.body(link, 1_000));
            house.engine.on(
                    link,
                    leg -> {
                        leg.answer();
                        both.countDown();
                        if (leg.stoppedBefore(both)) {
                            return End.STOPPED;
                        }
                        leg.moveUpTo(1_000);
                        return End.COMPLETE;
                    });
            house.host.on(
                    "acme://" + link,
                    (canonical, context) ->
                            new Resolution.Found(ScriptedHost.file(canonical).name("same.bin")));
        }
        var one = house.add("acme://one");
        var two = house.add("acme://two");

        var placed =
                List.of(
                        house.awaitCompleted(one).target().placed(),
                        house.awaitCompleted(two).target().placed());
        assertThat(placed)
                .containsExactlyInAnyOrder(
                        data.resolve("downloads/same.bin"), data.resolve("downloads/same.1.bin"));
        house.assertPlaced(one, House.body("one", 1_000));
        house.assertPlaced(two, House.body("two", 1_000));
    }

    @Test
    void q9_aForeignFileAtTheTargetStaysAndTheNewOneIsNumbered() throws IOException {
        house.engine.serve("a.bin", BODY);
        Files.createDirectories(data.resolve("downloads"));
        Files.writeString(data.resolve("downloads/a.bin"), "somebody else's");

        var id = house.add("acme://a.bin");

        assertThat(house.awaitCompleted(id).target().placed())
                .isEqualTo(data.resolve("downloads/a.1.bin"));
        assertThat(data.resolve("downloads/a.bin")).hasContent("somebody else's");
    }

    @Test
    void aCategoryAndAHostsFolderAreFoldersBelowTheDownloadsFolder() {
        house.engine.serve("a.bin", BODY);
        house.host.on(
                "acme://a.bin",
                (link, context) ->
                        new Resolution.Found(ScriptedHost.file(link).folder("Album/CD 1")));

        var id = House.idOf(house.add(House.request("acme://a.bin").mediaType("music")));

        assertThat(house.awaitCompleted(id).target().placed())
                .isEqualTo(data.resolve("downloads/music/Album/CD 1/a.bin"));
    }

    @Test
    void p5_aRevisionTheStoreHasNeedsNoRequest() {
        house.engine.serve("a.bin", BODY);
        house.host.on(
                "acme://a.bin",
                (link, context) -> new Resolution.Found(ScriptedHost.file(link).revision("7")));
        var id = house.add("acme://a.bin");
        house.awaitCompleted(id);

        house.add("acme://a.bin");
        Await.until(() -> house.host.calls("acme://a.bin") == 2);
        house.awaitCompleted(id);
        assertThat(house.engine.plans()).hasSize(1);

        house.host.on(
                "acme://a.bin",
                (link, context) -> new Resolution.Found(ScriptedHost.file(link).revision("8")));
        house.add("acme://a.bin");
        Await.until(() -> house.engine.plans().size() == 2);
        house.awaitCompleted(id);
    }

    @Test
    void p5_aPromisedDigestTheStoreHasNeedsNoRequestWhateverTheSource() {
        house.engine.serve("a.bin", BODY);
        house.awaitCompleted(house.add("acme://a.bin"));

        var other =
                House.idOf(
                        house.add(House.request("acme://b.bin").promise(digest("sha-256", BODY))));

        var done = house.awaitCompleted(other);
        assertThat(done.target().placed()).isEqualTo(data.resolve("downloads/b.bin"));
        assertThat(house.engine.plans()).hasSize(1);
        Await.until(() -> house.events.states(other).contains(DownloadState.COMPLETED));
        assertThat(house.events.states(other))
                .containsExactly(DownloadState.STARTING, DownloadState.COMPLETED);
    }

    @Test
    void p5_aPromisedMd5IsProvenByReadingWhatIsHere() {
        house.engine.serve("a.bin", BODY);
        var id = house.add("acme://a.bin");
        house.awaitCompleted(id);

        house.add(House.request("acme://a.bin").promise(digest("md5", BODY)));

        Await.until(() -> house.host.calls("acme://a.bin") == 2);
        house.awaitCompleted(id);
        assertThat(house.engine.plans()).hasSize(1);
    }

    @Test
    void p5_anOriginThatCannotBeReachedLeavesWhatIsStoredWithAWord() {
        house.engine.serve("a.bin", BODY);
        var id = house.add("acme://a.bin");
        house.awaitCompleted(id);
        house.engine.on(
                "a.bin",
                leg -> {
                    throw new DownloadException(ErrorClass.NETWORK, "Refused.");
                });

        house.add("acme://a.bin");

        Await.until(() -> house.engine.plans().size() == 2);
        var done = house.awaitCompleted(id);
        assertThat(done.status().note()).contains("could not be reached");
        house.assertPlaced(id, BODY);
    }

    @Test
    void p5_aChangedSourceIsFetchedAnew() {
        house.engine.serve("a.bin", BODY);
        var id = house.add("acme://a.bin");
        house.awaitCompleted(id);
        var changed = House.body("changed", 50_000);
        house.engine.serve("a.bin", changed);

        house.add("acme://a.bin");

        Await.until(() -> house.engine.plans().size() == 2);
        var done = house.awaitCompleted(id);
        assertThat(done.digest()).isEqualTo(digest("sha-256", changed));
        house.assertPlaced(id, changed);
        assertThat(data.resolve("downloads/a.bin")).hasBinaryContent(BODY);
    }

    @Test
    void p13_aLocalFileIsCopiedAndNeverBecomesContent() throws IOException {
        var local = Files.write(data.resolve("local.bin"), BODY);
        localHost(local.toUri());

        var id = house.add("acme://local");

        var done = house.awaitCompleted(id);
        house.assertPlaced(id, BODY);
        assertThat(done.digest()).isEqualTo(digest("sha-256", BODY));
        assertThat(house.contents.find(digest("sha-256", BODY))).isEmpty();
        assertThat(house.engine.plans()).isEmpty();
    }

    @Test
    void p13_aLocalFileWithOtherBytesThanPromisedIsNotPlaced() throws IOException {
        var local = Files.write(data.resolve("local.bin"), BODY);
        localHost(local.toUri());

        var id =
                House.idOf(
                        house.add(
                                House.request("acme://local")
                                        .promise(digest("sha-256", new byte[0]))));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.CHECKSUM);
        assertThat(data.resolve("downloads")).doesNotExist();
    }

    @Test
    void s1_aLocalFileIsForTheOperatorOnlyWhateverAHostSays() throws IOException {
        var local = Files.write(data.resolve("local.bin"), BODY);
        localHost(local.toUri());

        var id = House.idOf(house.add(House.request("acme://local").trust(Trust.NETWORK)));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.BLOCKED);
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldBeforeAnybodyIsAsked() throws IOException {
        var file = Files.writeString(data.resolve("file"), "no folder");

        var id = House.idOf(house.add(House.request("acme://a.bin").folder(file.resolve("below"))));

        var error = house.await(id, DownloadState.FAILED).status().error();
        assertThat(error.errorClass()).isEqualTo(ErrorClass.IO);
        assertThat(error.detail()).isEqualTo(DownloadException.Detail.FOLDER);
        assertThat(house.host.calls()).isEmpty();
    }

    @Test
    void q9_downloadsOfOneSourceShareOneTransferAndEachHasItsFile() {
        var going = new CountDownLatch(1);
        house.engine.serve("same", BODY);
        house.engine.on(
                "same",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(50_000);
                    if (leg.stoppedBefore(going)) {
                        return End.STOPPED;
                    }
                    leg.moveUpTo(100_000);
                    return End.COMPLETE;
                });
        var ids = house.add(requestsOfOneSource(4)).stream().map(House::idOf).toList();
        Await.until(() -> ids.stream().allMatch(this::hasHalf));
        assertThat(house.downloads.statistics().bytesPerSecond()).isNotNegative();
        going.countDown();

        for (var id : ids) {
            house.awaitCompleted(id);
            house.assertPlaced(id, BODY);
        }
        assertThat(house.engine.plans()).hasSize(1);
        assertThat(house.engine.served()).isEqualTo(100_000);
    }

    @Test
    void q9_whenThePilotIsCancelledTheNextOneFliesOnFromTheSameByte() {
        house.engine.serve("same", BODY);
        house.engine.on(
                "same",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(50_000);
                    return leg.hold();
                });
        var ids = house.add(requestsOfOneSource(3)).stream().map(House::idOf).toList();
        Await.until(() -> ids.stream().allMatch(this::hasHalf));
        var pilot = house.engine.plans().get(0).id();

        house.command(pilot, Command.CANCEL);

        for (var id : ids) {
            if (!id.equals(pilot)) {
                house.awaitCompleted(id);
                house.assertPlaced(id, BODY);
            }
        }
        assertThat(house.get(pilot).state()).isEqualTo(DownloadState.CANCELLED);
        assertThat(house.engine.served()).isEqualTo(100_000);
    }

    @Test
    void q3_aWaitingPassengerLeavesAtOnceAndTheFlightGoesOn() {
        var going = new CountDownLatch(1);
        house.engine.serve("same", BODY);
        house.engine.on(
                "same",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(50_000);
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        var ids = house.add(requestsOfOneSource(2)).stream().map(House::idOf).toList();
        Await.until(() -> ids.stream().allMatch(this::hasHalf));
        var pilot = house.engine.plans().get(0).id();
        var passenger = ids.get(0).equals(pilot) ? ids.get(1) : ids.get(0);

        var begun = System.nanoTime();
        house.command(passenger, Command.CANCEL);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        going.countDown();

        house.awaitCompleted(pilot);
        assertThat(house.engine.plans()).hasSize(1);
    }

    @Test
    void s1_aPassengerOfLessTrustAsksTheSourceInItsOwnName() {
        var going = new CountDownLatch(1);
        house.engine.serve("same", BODY);
        house.engine.on(
                "same",
                leg -> {
                    leg.answer();
                    leg.moveUpTo(50_000);
                    return leg.stoppedBefore(going) ? End.STOPPED : leg.serve();
                });
        var requests = requestsOfOneSource(2);
        var pilot = House.idOf(house.add(requests.get(0)));
        Await.until(() -> hasHalf(pilot));
        var passenger = House.idOf(house.add(requests.get(1).trust(Trust.NETWORK)));
        Await.until(() -> hasHalf(passenger));
        house.engine.on(
                "same",
                leg -> {
                    throw new DownloadException(ErrorClass.BLOCKED, "Not for the network.");
                });
        going.countDown();

        house.awaitCompleted(pilot);
        house.await(passenger, DownloadState.FAILED);
        assertThat(house.engine.plans().get(1).trust()).isEqualTo(Trust.NETWORK);
    }

    private boolean hasHalf(String id) {
        return house.get(id).state() == DownloadState.DOWNLOADING
                && house.get(id).metrics().downloaded() == 50_000;
    }

    /** Links that differ, and name the same bytes. */
    private List<DownloadRequest> requestsOfOneSource(int count) {
        return House.names("acme://link", count).stream()
                .peek(
                        name ->
                                house.host.on(
                                        name,
                                        (link, context) ->
                                                new Resolution.Found(
                                                        ScriptedHost.file("acme://same")
                                                                .name(link.substring(7)))))
                .map(House::request)
                .toList();
    }

    private static Resolution guessing(String key, String name) {
        return new Resolution.Found(
                RemoteFile.of(new SourceKey("acme", key), ScriptedHost.engineLink(key))
                        .guessedName(name));
    }

    private void localHost(URI uri) {
        house.host.on(
                "acme://local",
                (link, context) ->
                        new Resolution.Found(
                                RemoteFile.of(new SourceKey("acme", "local"), DirectLink.of(uri))
                                        .name("placed.bin")));
    }

    static Digest digest(String algorithm, byte[] body) {
        try {
            var jdk = algorithm.equals("md5") ? "MD5" : "SHA-256";
            return Digest.of(algorithm, MessageDigest.getInstance(jdk).digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
