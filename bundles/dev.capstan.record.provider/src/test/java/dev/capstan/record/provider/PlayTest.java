package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.Track;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E3, E5, E6, E9: records that are played and picked up, with the bytes here and without. */
class PlayTest {
    private static final int SIZE = 3_000_000;
    private static final long LIMIT = 10_000_000;
    private static final Body SONG = RecordHost.song(SIZE, 11);
    private static final Body OTHER = RecordHost.song(SIZE, 12);

    @TempDir static Path data;
    private static RecordHost host;

    private Origin origin;

    @BeforeAll
    static void startHost() {
        host = new RecordHost(data, Map.of("dev.capstan.content.file", Map.of("maxBytes", LIMIT)));
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
        host.records.list(null, 100).forEach(record -> host.records.remove(record.id()));
        // What is left of a reader's fetch is given up after its time of grace.
        host.queue().forEach(row -> RecordHost.settle(host.downloads.remove(row.id(), false)));
        host.emptyStore();
    }

    @Test
    @DisplayName("E3: what is here plays while the origin is off")
    void playsWithoutARequest() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        origin.close();

        assertThat(host.play(record, 0)).isEqualTo(SONG.bytes());

        assertThat(origin.log()).hasSize(1);
    }

    @Test
    @DisplayName("E3: other bytes behind the link end playing, and nothing is stored")
    void changedContentIsNotPlayed() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        host.emptyStore();
        origin.serve("/song", Resource.of(OTHER).etag("\"v2\""));

        assertThatThrownBy(() -> host.play(record, 0))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> {
                            assertThat(e.errorClass()).isEqualTo(ErrorClass.CHANGED);
                            assertThat(e)
                                    .hasMessageContaining("changed")
                                    .hasMessageContaining("etch");
                        });

        assertThat(host.contents.list(null, 10)).isEmpty();
        assertThat(host.records.get(record.id())).contains(record);
    }

    @Test
    @DisplayName("E3: something longer than the record is not fetched")
    void longerContentIsNotEvenFetched() {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        host.emptyStore();
        var before = origin.bodyBytes();
        origin.serve("/song", Resource.of(RecordHost.song(40_000_000, 13)).etag("\"v2\""));

        var failure = RecordHost.failure(host.records.play(record.id(), 0));

        assertThat(failure.reason()).isEqualTo(Reason.CHANGED);
        assertThat(origin.bodyBytes() - before).isLessThan(20_000_000);
        assertThat(host.contents.list(null, 10)).isEmpty();
    }

    @Test
    @DisplayName("E3: etched again, the record has the new bytes")
    void aRecordIsEtchedAgain() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        origin.serve("/song", Resource.of(OTHER).etag("\"v2\""));

        var again = RecordHost.get(host.records.etchAgain(record.id()));

        assertThat(again.id()).isEqualTo(record.id());
        assertThat(again.tracks().get(0).sha256()).isEqualTo(Digest.sha256(OTHER.sha256()));
        assertThat(host.play(again, 0)).isEqualTo(OTHER.bytes());
    }

    @Test
    @DisplayName("E3: playing begins while the rest still comes")
    void playsWhileItIsFetched() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        host.emptyStore();
        origin.serve("/song", Resource.of(SONG).pace(3_000_000));

        try (var reader = RecordHost.get(host.records.play(record.id(), 0))) {
            var first = ByteBuffer.allocate(1_000);
            assertThat(reader.read(0, first)).isPositive();
            assertThat(reader.isVerified()).isFalse();
            assertThat(host.contents.list(null, 10)).isEmpty();

            assertThat(RecordHost.readAll(reader)).isEqualTo(SONG.bytes());
        }
        assertThat(host.contents.list(null, 10)).hasSize(1);
    }

    @Test
    @DisplayName("E5: twenty who play one missing record make one fetch")
    void twentyPlayersMakeOneFetch() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        host.emptyStore();
        var requests = origin.log().size();
        origin.serve("/song", Resource.of(SONG).pace(6_000_000));

        var players =
                IntStream.range(0, 20)
                        .mapToObj(
                                player ->
                                        CompletableFuture.supplyAsync(
                                                () -> played(record), task -> start(task)))
                        .toList();

        for (var player : players) {
            assertThat(player.get()).isEqualTo(SONG.bytes());
        }
        assertThat(origin.log()).hasSize(requests + 1);
        assertThat(origin.bodyBytes()).isEqualTo(2L * SIZE);
    }

    @Test
    @DisplayName("E2: an old record plays by its MD5 and is upgraded")
    void anOldRecordIsUpgraded() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var link = origin.uri("/song");
        var old =
                """
                {"name": "Old one", "url": "%s", "md5": "%s"}"""
                        .formatted(link, Digest.of("md5", SONG.digest("MD5")).hex());
        var record = RecordHost.get(host.exchange.read(old, Trust.OPERATOR)).get(0);
        assertThat(record.tracks().get(0).sha256()).isNull();

        assertThat(host.play(record, 0)).isEqualTo(SONG.bytes());

        RecordHost.await(
                () ->
                        Digest.sha256(SONG.sha256())
                                .equals(
                                        host.records
                                                .get(record.id())
                                                .orElseThrow()
                                                .tracks()
                                                .get(0)
                                                .sha256()));
        origin.close();
        assertThat(host.play(record, 0)).isEqualTo(SONG.bytes());
        assertThat(origin.log()).hasSize(1);
    }

    @Test
    @DisplayName(
            "E2: a record with MD5 alone plays what was etched under SHA-256, without a request")
    void md5FindsWhatIsHere() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        host.etch("A song", origin, "/song");
        var track =
                new Track(
                        "Old",
                        URI.create("https://example.org/gone.mp3"),
                        null,
                        Digest.of("md5", SONG.digest("MD5")),
                        -1,
                        null,
                        null,
                        Map.of());
        var id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        var record = new EtchedRecord(id, "Old one", null, List.of(track), Instant.now());

        var added = host.records.add(record);

        assertThat(host.play(added, 0)).isEqualTo(SONG.bytes());
        assertThat(origin.log()).hasSize(1);
    }

    @Test
    @DisplayName("E6: picked up, the next three tracks come, and no more")
    void prefetchesTheNextThree() {
        for (var track = 0; track < 5; track++) {
            origin.serve("/" + track, Resource.of(RecordHost.song(500_000, 20 + track)));
        }
        var record = host.etch("Five songs", origin, "/0", "/1", "/2", "/3", "/4");
        host.emptyStore();
        var requests = origin.log().size();

        RecordHost.get(host.records.prefetch(record.id()));

        assertThat(origin.log()).hasSize(requests + 3);
        assertThat(host.contents.list(null, 10))
                .extracting("digest")
                .containsExactlyInAnyOrderElementsOf(
                        record.tracks().subList(0, 3).stream().map(Track::sha256).toList());
        RecordHost.await(() -> host.queue().isEmpty());
    }

    @Test
    @DisplayName("E6: put back, the fetch ends and leaves nothing")
    void putBackEndsThePrefetch() throws Exception {
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        host.emptyStore();
        origin.serve("/song", Resource.of(SONG).pace(300_000));

        var prefetch = host.records.prefetch(record.id());
        RecordHost.await(
                () ->
                        host.queue().stream()
                                .anyMatch(row -> row.state() == DownloadState.DOWNLOADING));
        assertThat(host.queue()).allMatch(row -> row.priority() < 0);
        host.records.putBack(record.id());

        assertThat(RecordHost.failure(prefetch)).hasMessageContaining("cancelled");
        RecordHost.await(() -> host.queue().isEmpty());
        RecordHost.await(host::nothingIsLeftInStaging);
        assertThat(host.contents.list(null, 10)).isEmpty();
    }

    @Test
    @DisplayName("E9: what is kept cannot be given up, and what is given up is fetched again")
    void whatIsKeptStays() throws Exception {
        origin.serve("/0", Resource.of(SONG));
        origin.serve("/1", Resource.of(OTHER));
        var kept = host.etch("Kept song", origin, "/0");
        var other = host.etch("Other song", origin, "/1");

        assertThat(host.records.keep(kept.id(), true)).isTrue();
        assertThat(host.contents.evict(kept.tracks().get(0).sha256())).isFalse();
        assertThat(host.contents.evict(other.tracks().get(0).sha256())).isTrue();

        assertThat(host.play(other, 0)).isEqualTo(OTHER.bytes());
        assertThat(host.records.keep(kept.id(), false)).isTrue();
        assertThat(host.contents.evict(kept.tracks().get(0).sha256())).isTrue();
    }

    @Test
    @DisplayName("E9: over the limit the least recently used goes that nobody keeps")
    void theLeastRecentlyUsedGoes() throws Exception {
        for (var track = 0; track < 5; track++) {
            origin.serve("/" + track, Resource.of(RecordHost.song(SIZE, 30 + track)));
        }
        var kept = host.etch("Kept song", origin, "/0");
        host.records.keep(kept.id(), true);
        var first = host.etch("First song", origin, "/1");
        var second = host.etch("Second song", origin, "/2");
        host.play(first, 0);
        var third = host.etch("Third song", origin, "/3");

        var last = host.etch("Last song", origin, "/4");

        RecordHost.await(() -> !isHere(second));
        for (var record : List.of(kept, first, third, last)) {
            assertThat(isHere(record)).as(record.name()).isTrue();
        }
    }

    @Test
    void aTrackThatIsNotThereIsTold() {
        assertThat(RecordHost.failure(host.records.play("nothing", 0)).reason())
                .isEqualTo(Reason.NOT_FOUND);
        origin.serve("/song", Resource.of(SONG));
        var record = host.etch("A song", origin, "/song");
        assertThat(RecordHost.failure(host.records.play(record.id(), 1)))
                .hasMessageContaining("none of number 2");
    }

    private static boolean isHere(EtchedRecord record) {
        return host.contents.find(record.tracks().get(0).sha256()).isPresent();
    }

    private static byte[] played(EtchedRecord record) {
        try (ContentReader reader = RecordHost.get(host.records.play(record.id(), 0))) {
            return RecordHost.readAll(reader);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void start(Runnable task) {
        new Thread(task, "player").start();
    }
}
