package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.Track;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E1, E7: what lists files becomes one record with a track for each of them. */
class AlbumTest {
    private static final int MOST = 4;
    private static final int SIZE = 100_000;

    @TempDir static Path data;
    private static RecordHost host;

    private final Origin origin = Origin.plain();

    @BeforeAll
    static void startHost() {
        host = new RecordHost(data, Map.of(RecordProvider.PID, Map.of("listTracks", MOST)));
        host.register(new Albums(), "album");
    }

    @AfterAll
    static void stopHost() {
        host.close();
    }

    @AfterEach
    void leaveNothing() {
        origin.close();
        RecordHost.await(() -> host.queue().isEmpty());
        host.records.list(null, 100).forEach(record -> host.records.remove(record.id()));
        host.emptyStore();
    }

    @Test
    @DisplayName("E7: in the order of the list, by the names it gives, and no row is left behind")
    void anAlbumBecomesOneRecordWithATrackForEachFile() {
        serve(3);

        var record = etch("/album/3");

        assertThat(record.name()).isEqualTo("An album");
        assertThat(record.tracks())
                .extracting(Track::title)
                .containsExactly("Song 0.mp3", "Song 1.mp3", "Song 2.mp3");
        assertThat(record.tracks())
                .extracting(Track::sha256)
                .containsExactly(digest(0), digest(1), digest(2));
        assertThat(host.queue()).isEmpty();
        assertThat(host.contents.list(null, 10)).hasSize(3);
    }

    @Test
    @DisplayName("E7: no more tracks than were configured")
    void aLongListBecomesItsBeginning() {
        serve(MOST + 3);

        var record = etch("/album/" + (MOST + 3));

        assertThat(record.tracks())
                .extracting(Track::sha256)
                .containsExactlyElementsOf(
                        IntStream.range(0, MOST).mapToObj(AlbumTest::digest).toList());
    }

    @Test
    @DisplayName("E1: where one file is missing nothing is etched and nothing kept")
    void anAlbumIsEtchedWholeOrNotAtAll() {
        serve(2);

        var refusal = RecordHost.failure(host.records.etch(request("/album/3")));

        assertThat(refusal.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(host.records.list(null, 10)).isEmpty();
        RecordHost.await(() -> host.contents.list(null, 10).isEmpty());
    }

    @Test
    @DisplayName("E11: an empty list is told as what it is")
    void anEmptyListIsRefused() {
        var refusal = RecordHost.failure(host.records.etch(request("/album/0")));

        assertThat(refusal).hasMessageContaining("list");
    }

    private void serve(int songs) {
        for (int song = 0; song < songs; song++) {
            origin.serve("/" + song, Resource.of(song(song)));
        }
    }

    private EtchedRecord etch(String path) {
        return RecordHost.get(host.records.etch(request(path)));
    }

    private EtchRequest request(String path) {
        var link = origin.uri(path).toString().replace("http:", "album:");
        return EtchRequest.of("An album", List.of(link)).withTrust(Trust.OPERATOR);
    }

    private static Body song(int number) {
        return RecordHost.song(SIZE, number);
    }

    private static Digest digest(int song) {
        return Digest.sha256(song(song).sha256());
    }

    /** Has albums of as many songs as the link says. */
    private static final class Albums implements HostResolver {

        @Override
        public Optional<String> recognise(String link) {
            return Optional.of(link);
        }

        @Override
        public Resolution resolve(String link, ResolveContext context) {
            var parts = link.split("/album/");
            if (parts.length == 1) {
                var direct = DirectLink.of(URI.create(link.replace("album:", "http:")));
                return new Resolution.Found(RemoteFile.of(new SourceKey("album", link), direct));
            }
            var songs =
                    IntStream.range(0, Integer.parseInt(parts[1]))
                            .mapToObj(
                                    song ->
                                            new Resolution.Entry(
                                                    parts[0] + "/" + song,
                                                    "Song " + song + ".mp3",
                                                    null,
                                                    null,
                                                    Map.of()))
                            .toList();
            return new Resolution.Listing("Album", cursor -> new Resolution.Page(songs, null));
        }
    }
}
