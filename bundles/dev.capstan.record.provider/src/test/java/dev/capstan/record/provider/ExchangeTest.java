package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.RecordFormat;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E7: records that are handed on, and libraries that are shared. */
class ExchangeTest {
    @TempDir static Path data;
    private static RecordHost host;

    private Origin origin;

    @BeforeAll
    static void startHost() {
        host = new RecordHost(data);
    }

    @AfterAll
    static void stopHost() {
        host.close();
    }

    @BeforeEach
    void openOrigin() {
        origin = Origin.plain();
        for (var song = 0; song < 2; song++) {
            origin.serve("/" + song, Resource.of(RecordHost.song(20_000, 50 + song)));
        }
    }

    @AfterEach
    void leaveNothing() {
        host.exchange.libraries().forEach(library -> host.exchange.unfollow(library.uri()));
        host.records.list(null, 100).forEach(record -> host.records.remove(record.id()));
        origin.close();
    }

    @Test
    @DisplayName("E7: JSON carries all of a record, and gives the same one back")
    void jsonIsWhole() throws Exception {
        var record = host.etch("Two songs", origin, "/0", "/1");
        var requests = origin.log().size();
        var text = host.exchange.write(List.of(), RecordFormat.JSON);
        host.records.remove(record.id());

        var read = RecordHost.get(host.exchange.read(text, Trust.OPERATOR));

        assertThat(read).containsExactly(record);
        assertThat(RecordHost.get(host.exchange.read(text, Trust.OPERATOR))).isEqualTo(read);
        assertThat(host.records.list(null, 10)).hasSize(1);
        assertThat(origin.log()).hasSize(requests);
    }

    @Test
    @DisplayName("E7: a playlist carries the checksums past players that do not know them")
    void aPlaylistComesBackWithoutARequest() throws Exception {
        var record = host.etch("Two songs", origin, "/0", "/1");
        var requests = origin.log().size();
        var text = host.exchange.write(List.of(record.id()), RecordFormat.M3U8);
        assertThat(text.lines().filter(line -> !line.startsWith("#")))
                .containsExactly(origin.uri("/0").toString(), origin.uri("/1").toString());
        assertThat(text).startsWith("#EXTM3U\n#PLAYLIST:Two songs\n#EXTINF:-1,Two songs 1\n");

        var read = RecordHost.get(host.exchange.read(text, Trust.OPERATOR)).get(0);

        assertThat(read.name()).isEqualTo("Two songs");
        assertThat(read.tracks()).extracting("sha256").isEqualTo(digests(record));
        assertThat(host.play(read, 1)).hasSize(20_000);
        assertThat(origin.log()).hasSize(requests);
    }

    @Test
    @DisplayName("E7: a playlist without checksums is etched, so that it gets some")
    void aForeignPlaylistIsEtched() {
        var text =
                "\ufeff#EXTM3U\r\n#EXTINF:12 tvg-id=\"x\",First\r\n%s\r\n\r\n%s\r\n"
                        .formatted(origin.uri("/0"), origin.uri("/1"));

        var read = RecordHost.get(host.exchange.read(text, Trust.OPERATOR)).get(0);

        assertThat(read.tracks()).hasSize(2).allMatch(track -> track.sha256() != null);
        assertThat(origin.log()).hasSize(2);
    }

    @Test
    @DisplayName("E7: of a text that is malformed nothing is taken")
    void nothingIsTakenOfAMalformedText() throws Exception {
        var record = host.etch("A song", origin, "/0");
        var good = host.exchange.write(List.of(), RecordFormat.JSON);
        host.records.remove(record.id());
        var half = good.replace("]}]}", "]}, {\"name\": \"x\", \"url\": \"file:///etc/passwd\"}]}");

        for (var text : List.of("", "{", "[]", "{\"records\": 1}", "#EXTM3U\n", half)) {
            var failure = RecordHost.failure(host.exchange.read(text, Trust.OPERATOR));
            assertThat(failure.reason()).as(text).isEqualTo(Reason.INVALID);
        }
        assertThat(host.records.list(null, 10)).isEmpty();
    }

    @Test
    void anotherRecordOfTheSameIdDoesNotReplaceOurs() throws Exception {
        var record = host.etch("Ours", origin, "/0");
        var other = host.etch("Theirs", origin, "/1");
        var forged =
                host.exchange
                        .write(List.of(other.id()), RecordFormat.JSON)
                        .replace(other.id(), record.id());

        var read = RecordHost.get(host.exchange.read(forged, Trust.NETWORK)).get(0);

        assertThat(read.id()).isNotEqualTo(record.id());
        assertThat(host.records.get(record.id())).contains(record);
    }

    @Test
    @DisplayName("E7: a shared library is moved only when it changed")
    void aLibraryIsRefreshedWithValidators() throws Exception {
        var one = host.etch("First song", origin, "/0");
        var two = host.etch("Second song", origin, "/1");
        var both = host.exchange.write(List.of(one.id(), two.id()), RecordFormat.JSON);
        var first = host.exchange.write(List.of(one.id()), RecordFormat.JSON);
        host.records.remove(one.id());
        host.records.remove(two.id());
        origin.serve("/library.json", library(both, "\"v1\""));
        var uri = origin.uri("/library.json");

        var followed = RecordHost.get(host.exchange.follow(uri, Trust.OPERATOR));
        var unchanged = RecordHost.get(host.exchange.refresh(uri));
        origin.serve("/library.json", library(first, "\"v2\""));
        host.events.clear();
        var changed = RecordHost.get(host.exchange.refresh(uri));

        assertThat(followed.records()).isEqualTo(2);
        assertThat(unchanged.records()).isEqualTo(2);
        assertThat(changed.records()).isEqualTo(1);
        assertThat(origin.log().stream().filter(it -> it.target().equals("/library.json")))
                .extracting(exchange -> exchange.status())
                .containsExactly(200, 304, 200);
        assertThat(host.records.list(null, 10)).containsExactly(one);
        RecordHost.await(
                () ->
                        host.events.stream()
                                .anyMatch(it -> it.getTopic().equals(Topics.RECORD_REMOVED)));
        assertThat(host.exchange.unfollow(uri)).isTrue();
        assertThat(host.records.list(null, 10)).isEmpty();
    }

    @Test
    @DisplayName("E7, P6: what was kept of a library is kept no longer than the library has it")
    void aRecordThatLeavesItsLibraryPinsNothing() throws Exception {
        var one = host.etch("First song", origin, "/0");
        var all = host.exchange.write(List.of(one.id()), RecordFormat.JSON);
        host.records.remove(one.id());
        origin.serve("/library.json", library(all, "\"v1\""));
        var uri = origin.uri("/library.json");
        RecordHost.get(host.exchange.follow(uri, Trust.OPERATOR));
        var digest = one.tracks().get(0).sha256();
        host.records.keep(one.id(), true);
        assertThat(host.contents.evict(digest)).isFalse();

        host.exchange.unfollow(uri);

        assertThat(host.records.list(null, 10)).isEmpty();
        assertThat(host.contents.evict(digest)).isTrue();
    }

    @Test
    @DisplayName("P6: of a kept record that is etched again the new bytes are pinned, not the old")
    void aKeptRecordThatIsEtchedAgainPinsWhatItIsNow() throws Exception {
        var old = host.etch("First song", origin, "/0");
        host.records.keep(old.id(), true);
        origin.serve("/0", Resource.of(RecordHost.song(20_000, 60)).etag("\"v2\""));

        var now = RecordHost.get(host.records.etchAgain(old.id()));

        assertThat(host.contents.evict(old.tracks().get(0).sha256())).isTrue();
        assertThat(host.contents.evict(now.tracks().get(0).sha256())).isFalse();
    }

    @Test
    @DisplayName("E7, P6: of a kept record that its library changes the new bytes are pinned")
    void aKeptRecordThatItsLibraryChangesPinsWhatItIsNow() throws Exception {
        var old = host.etch("First song", origin, "/0");
        var first = host.exchange.write(List.of(old.id()), RecordFormat.JSON);
        origin.serve("/0", Resource.of(RecordHost.song(20_000, 61)).etag("\"v2\""));
        var now = RecordHost.get(host.records.etchAgain(old.id()));
        var second = host.exchange.write(List.of(old.id()), RecordFormat.JSON);
        host.records.remove(old.id());
        origin.serve("/library.json", library(first, "\"v1\""));
        var uri = origin.uri("/library.json");
        RecordHost.get(host.exchange.follow(uri, Trust.OPERATOR));
        host.records.keep(old.id(), true);
        origin.serve("/library.json", library(second, "\"v2\""));

        RecordHost.get(host.exchange.refresh(uri));

        assertThat(host.contents.evict(old.tracks().get(0).sha256())).isTrue();
        assertThat(host.contents.evict(now.tracks().get(0).sha256())).isFalse();
    }

    @Test
    @DisplayName("S1: a library's address from the network reaches no private place")
    void aLibraryIsGuarded() {
        origin.serve("/library.json", library("{\"records\": []}", "\"v1\""));

        var failure =
                RecordHost.failure(
                        host.exchange.follow(origin.uri("/library.json"), Trust.NETWORK));

        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(origin.log()).isEmpty();
        assertThat(host.exchange.libraries()).isEmpty();
    }

    private static List<?> digests(EtchedRecord record) {
        return record.tracks().stream().map(track -> track.sha256()).toList();
    }

    private static Resource library(String text, String etag) {
        return Resource.of(Body.of(text.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .etag(etag);
    }
}
