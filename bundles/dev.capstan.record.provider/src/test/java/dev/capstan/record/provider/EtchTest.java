package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.spi.TagReader.Tags;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E1, E2, E4, E11: what becomes a record, and what does not. */
class EtchTest {
    private static final int SIZE = 3_000_000;
    private static final Body SONG = RecordHost.song(SIZE, 1);

    @TempDir static Path data;
    private static RecordHost host;

    private Origin origin;

    @BeforeAll
    static void startHost() {
        host = new RecordHost(data, Map.of(RecordProvider.PID, Map.of("firstByteSeconds", 1)));
    }

    @AfterAll
    static void stopHost() {
        host.close();
    }

    @BeforeEach
    void openOrigin() {
        origin = Origin.plain();
    }

    @AfterEach
    void leaveNothing() {
        origin.close();
        RecordHost.await(() -> host.queue().isEmpty());
        RecordHost.await(host::nothingIsLeftInStaging);
        host.records.list(null, 100).forEach(record -> host.records.remove(record.id()));
        host.emptyStore();
        host.events.clear();
    }

    @Test
    @DisplayName("E1: one request, one item, a record of all that was found out")
    void etchesWithOneRequest() {
        origin.serve("/song.mp3", Resource.of(SONG).header("Content-Type", "text/plain"));

        var record = host.etch("  My song ", origin, "/song.mp3");

        assertThat(origin.log()).hasSize(1);
        assertThat(origin.bodyBytes()).isEqualTo(SIZE);
        assertThat(host.contents.list(null, 10)).hasSize(1);
        assertThat(record.name()).isEqualTo("My song");
        var track = record.tracks().get(0);
        assertThat(record.tracks()).hasSize(1);
        assertThat(track.title()).isEqualTo("My song");
        assertThat(track.link()).isEqualTo(origin.uri("/song.mp3"));
        assertThat(track.sha256()).isEqualTo(Digest.sha256(SONG.sha256()));
        assertThat(track.md5()).isEqualTo(Digest.of("md5", SONG.digest("MD5")));
        assertThat(track.size()).isEqualTo(SIZE);
        assertThat(track.mediaType()).isEqualTo("audio/mpeg");
        assertThat(host.records.get(record.id())).contains(record);
        RecordHost.await(() -> etched().equals(List.of(record)));
    }

    @Test
    @DisplayName("E1: what is wrong with the words is told before anything is asked")
    void wordsAreRefusedWithoutARequest() {
        origin.serve("/song", Resource.of(SONG));
        var link = origin.uri("/song").toString();
        var slotted =
                new EtchRequest("In a slot", null, List.of(link), 0, "slot 1", Trust.OPERATOR);
        RecordHost.get(host.records.etch(slotted));
        var before = origin.log().size();

        var cases =
                Map.of(
                        "ab",
                        link,
                        "x".repeat(201),
                        link,
                        "a\u0007bc",
                        link,
                        "ftp",
                        "ftp://example.org/a.mp3",
                        "file",
                        "file:///etc/passwd",
                        "nothing",
                        "no link at all",
                        "password",
                        link.replace("http://", "http://me:secret@"),
                        "long",
                        link + "?" + "x".repeat(2_048));
        cases.forEach(
                (name, wish) -> {
                    var request = EtchRequest.of(name, List.of(wish)).withTrust(Trust.OPERATOR);
                    var failure = RecordHost.failure(host.records.etch(request));
                    assertThat(failure.reason()).as(name).isEqualTo(Reason.INVALID);
                    assertThat(failure.getMessage()).doesNotContain("secret");
                });
        var failure = RecordHost.failure(host.records.etch(slotted));
        assertThat(failure).hasMessageContaining("slot 1").hasMessageContaining("In a slot");
        assertThat(RecordHost.failure(host.records.etch(EtchRequest.of("No tracks", List.of()))))
                .hasMessageContaining("1 to 1000 tracks");

        assertThat(origin.log()).hasSize(before);
        assertThat(host.records.list(null, 100)).hasSize(1);
        assertThat(host.records.inSlot("slot 1")).isPresent();
    }

    @Test
    @DisplayName("E1: what is said to be too big is refused before the body")
    void aDeclaredSizeOverTheLimitIsRefusedBeforeTheBody() {
        origin.serve("/big", Resource.of(RecordHost.song(40_000_000, 2)));
        var request = limited(origin.uri("/big").toString(), 1_000_000);

        var failure = RecordHost.failure(host.records.etch(request));

        assertThat(failure.reason()).isEqualTo(Reason.TOO_BIG);
        assertThat(failure).hasMessageContaining("1000000 bytes");
        assertThat(origin.log()).hasSize(1);
        // The rest is what the sockets took before the answer was refused.
        assertThat(origin.bodyBytes()).isLessThan(20_000_000);
        assertThat(host.contents.list(null, 10)).isEmpty();
    }

    @Test
    @DisplayName("E1: what tells no size is stopped where it becomes too big")
    void anUnknownSizeOverTheLimitIsStopped() {
        origin.serve("/endless", Resource.of(RecordHost.song(60_000_000, 3)).chunked());
        var request = limited(origin.uri("/endless").toString(), 1_000_000);

        var failure = RecordHost.failure(host.records.etch(request));

        assertThat(failure.reason()).isEqualTo(Reason.TOO_BIG);
        assertThat(origin.bodyBytes()).isLessThan(30_000_000);
        assertThat(host.contents.list(null, 10)).isEmpty();
    }

    @Test
    @DisplayName("E11: each failure has its own reason and sentence, and leaves nothing")
    void failuresAreToldApart() throws IOException {
        var page = "<!DOCTYPE html><html><body>Log in first</body></html>".getBytes();
        origin.serve("/page.mp3", Resource.of(Body.of(page)).header("Content-Type", "audio/mpeg"));
        origin.serve("/zip.mp3", Resource.of(Body.random(5_000, 4)));
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        var notMedia = RecordHost.failure(host.records.etch(request("/page.mp3")));
        var unknown = RecordHost.failure(host.records.etch(request("/zip.mp3")));
        var missing = RecordHost.failure(host.records.etch(request("/missing.mp3")));
        var network =
                RecordHost.failure(
                        host.records.etch(
                                EtchRequest.of("Closed", List.of("http://127.0.0.1:" + closed))
                                        .withTrust(Trust.OPERATOR)));
        var noHost =
                RecordHost.failure(
                        host.records.etch(EtchRequest.of("No host", List.of("gopher://a/b"))));
        var guarded =
                RecordHost.failure(
                        host.records.etch(request("/page.mp3").withTrust(Trust.NETWORK)));

        assertThat(notMedia.reason()).isEqualTo(Reason.NOT_MEDIA);
        assertThat(notMedia).hasMessageContaining("a web page");
        assertThat(unknown.reason()).isEqualTo(Reason.NOT_MEDIA);
        assertThat(missing.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(network.reason()).isEqualTo(Reason.NETWORK);
        assertThat(noHost.reason()).isEqualTo(Reason.UNKNOWN_HOST);
        assertThat(guarded.reason()).isEqualTo(Reason.INVALID);
        assertThat(host.records.list(null, 100)).isEmpty();
        assertThat(host.contents.list(null, 10)).isEmpty();
        assertThat(etched()).isEmpty();
    }

    @Test
    @DisplayName("E1, E11: what begins like no media is stopped where that is seen")
    void aHugePageIsNotFetchedToItsEnd() {
        var page = Body.random(50_000_000, 7).bytes();
        var head = "<!DOCTYPE html><html><body>".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, page, 0, head.length);
        // At this pace the whole would take four minutes, and two million bytes ten seconds.
        var slow = Resource.of(Body.of(page)).withoutRanges().pace(200_000);
        origin.serve("/huge.mp3", slow.header("Content-Type", "audio/mpeg"));
        origin.serve("/slow.mp3", Resource.of(SONG).withoutRanges().pace(200_000));

        var failure = RecordHost.failure(host.records.etch(request("/slow.mp3", "/huge.mp3")));

        assertThat(failure.reason()).isEqualTo(Reason.NOT_MEDIA);
        assertThat(failure).hasMessageContaining("a web page");
        assertThat(origin.bodyBytes()).isLessThan(2_000_000);
        assertThat(host.contents.list(null, 10)).isEmpty();
        assertThat(host.records.list(null, 100)).isEmpty();
    }

    @Test
    @DisplayName("E4: a digest that names what is here saves the body")
    void anAnswerThatNamesWhatIsHereMovesNoBody() {
        var song = RecordHost.song(40_000_000, 5);
        var digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(song.sha256()));
        origin.serve("/one", Resource.of(song));
        origin.serve("/two", Resource.of(song).header("Repr-Digest", "sha-256=:" + digest + ":"));
        var one = host.etch("The first", origin, "/one");
        var before = origin.bodyBytes();

        var two = host.etch("The second", origin, "/two");

        assertThat(two.tracks().get(0).sha256()).isEqualTo(one.tracks().get(0).sha256());
        assertThat(host.contents.list(null, 10)).hasSize(1);
        // What the sockets took before the connection was closed is all that came.
        assertThat(origin.bodyBytes() - before).isLessThan(20_000_000);
    }

    @Test
    @DisplayName("E5: two links with equal bytes are one content")
    void equalBytesAreOneContent() {
        origin.serve("/one", Resource.of(SONG));
        origin.serve("/two", Resource.of(SONG));

        var record = host.etch("Twice the same", origin, "/one", "/two");

        assertThat(record.tracks()).hasSize(2);
        assertThat(record.tracks()).extracting("title").contains("Twice the same 2");
        assertThat(host.contents.list(null, 10)).hasSize(1);
    }

    @Test
    void aListOfWhichOneLinkFailsIsNoRecord() {
        origin.serve("/one", Resource.of(SONG));

        var failure = RecordHost.failure(host.records.etch(request("/one", "/missing")));

        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(host.records.list(null, 100)).isEmpty();
        assertThat(host.contents.list(null, 10)).isEmpty();
    }

    @Test
    void whatAUserHasDownloadedStaysWhenEtchingFails() throws Exception {
        origin.serve("/zip.mp3", Resource.of(Body.random(5_000, 6)));
        var link = origin.uri("/zip.mp3").toString();
        var added =
                RecordHost.get(
                        host.downloads.add(
                                List.of(DownloadRequest.of(link).trust(Trust.OPERATOR))));
        var id = added.get(0).download().id();
        RecordHost.await(() -> host.downloads.get(id).orElseThrow().state().isEnded());

        RecordHost.failure(host.records.etch(request("/zip.mp3")));

        assertThat(host.contents.list(null, 10)).hasSize(1);
        RecordHost.await(() -> host.queue().size() == 1);
        RecordHost.get(host.downloads.remove(id, true));
    }

    @Test
    void aLinkIsPercentEncodedWhereItNeedsToBe() {
        origin.serve("/a%20b%C3%A9.mp3", Resource.of(SONG));

        var wish = origin.uri("/").toString() + "a bé.mp3";
        var request = EtchRequest.of("Encoded", List.of(wish)).withTrust(Trust.OPERATOR);
        var record = RecordHost.get(host.records.etch(request));

        assertThat(record.tracks().get(0).link()).isEqualTo(origin.uri("/a%20b%C3%A9.mp3"));
    }

    @Test
    @DisplayName("G2: whatever a reader of tags does costs the tags only")
    void aReaderOfTagsCannotSpoilARecord() {
        origin.serve("/one", Resource.of(SONG));
        var good = new Tags(Duration.ofSeconds(215), Map.of("title", "Real title", "artist", "A"));
        var service = host.register((file, type) -> good);
        var tagged = host.etch("With tags", origin, "/one");
        service.unregister();
        service =
                host.register(
                        (file, type) -> {
                            throw new StackOverflowError();
                        });
        var untagged = host.etch("Without tags", origin, "/one");
        service.unregister();

        assertThat(tagged.tracks().get(0).title()).isEqualTo("Real title");
        assertThat(tagged.tracks().get(0).duration()).isEqualTo(Duration.ofSeconds(215));
        assertThat(untagged.tracks().get(0).tags()).isEmpty();
        assertThat(untagged.tracks().get(0).title()).isEqualTo("Without tags");
    }

    @Test
    @DisplayName("G2: a reader of tags that never comes back is left behind")
    void aReaderThatDoesNotComeBackIsLeftBehind() throws InterruptedException {
        var tagging =
                new Tagging(
                        () ->
                                (file, type) -> {
                                    while (!Thread.currentThread().isInterrupted()) {
                                        LockSupport.park();
                                    }
                                    return Tags.NONE;
                                },
                        Duration.ofMillis(50));

        assertThat(tagging.read(data, "audio/mpeg")).isEqualTo(Tags.NONE);
    }

    private static List<Object> etched() {
        return host.events.stream()
                .filter(event -> event.getTopic().equals(Topics.RECORD_ETCHED))
                .map(event -> event.getProperty(Topics.RECORD))
                .toList();
    }

    private EtchRequest request(String... paths) {
        return RecordHost.request("A record", origin, paths);
    }

    private static EtchRequest limited(String link, long most) {
        return new EtchRequest("Limited", null, List.of(link), most, null, Trust.OPERATOR);
    }
}
