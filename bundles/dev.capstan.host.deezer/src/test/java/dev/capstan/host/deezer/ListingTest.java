package dev.capstan.host.deezer;

import static dev.capstan.host.deezer.fake.Endpoint.ALBUM;
import static dev.capstan.host.deezer.fake.Endpoint.ALBUM_TRACKS;
import static dev.capstan.host.deezer.fake.Endpoint.PLAYLIST;
import static dev.capstan.host.deezer.fake.Endpoint.PLAYLIST_TRACKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.deezer.fake.Answer;
import dev.capstan.host.deezer.fake.FakeAlbum;
import dev.capstan.host.deezer.fake.FakeDeezer;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Entry;
import dev.capstan.tck.Exchange;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final House house = new House(Map.of());
    private final FakeDeezer fake = house.fake;

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    @DisplayName("D6, D8: an album of 130 tracks on two discs, in order, each with its place")
    void anAlbumOf130() throws Exception {
        album(9, "Songs", "1999").disc(1, fake.tracks(1000, 65)).disc(2, fake.tracks(1065, 65));

        var listing = (Resolution.Listing) house.resolve("album_9");
        var entries = house.all("album_9");

        assertThat(listing.name()).isEqualTo("Singer - Songs");
        assertThat(entries).extracting(Entry::link).isEqualTo(links(1000, 130));
        assertThat(entries.get(0).folder()).isEqualTo("Singer/Songs/CD 1");
        assertThat(entries.get(0).name()).isEqualTo("01 - Some Artist - Track 1000 (preview).mp3");
        assertThat(entries.get(129).folder()).isEqualTo("Singer/Songs/CD 2");
        assertThat(entries.get(129).name())
                .isEqualTo("65 - Some Artist - Track 1129 (preview).mp3");
        assertThat(entries.get(129).metadata())
                .containsEntry("track_number", "65")
                .containsEntry("disc_number", "2")
                .containsEntry("album_artist", "Singer")
                .containsEntry("year", "1999")
                .containsEntry("cover", "https://cdn-images.dzcdn.net/images/cover/9/1000x1000.jpg")
                .containsEntry("variant", "preview");
    }

    @Test
    @DisplayName("D6: the list is paged, the embedded one is not believed, only next's index is")
    void listsArePaged() throws Exception {
        album(9, "Songs", "1999").add(fake.tracks(1, 250));
        var api = fake.apiUrl().toString();
        fake.fault(
                ALBUM_TRACKS,
                changed(
                        (exchange, page) ->
                                page.replace(api, "https://elsewhere.test")
                                        .replace("limit=100", "limit=7")));

        assertThat(house.all("album_9")).hasSize(250);
        assertThat(fake.calls(ALBUM)).hasSize(1);
        assertThat(fake.calls(ALBUM_TRACKS))
                .extracting(call -> call.query().get("index") + "+" + call.query().get("limit"))
                .containsExactlyInAnyOrder("0+100", "249+1", "100+100", "200+100");
        assertThat(house.all("album_9").get(0).folder()).isEqualTo("Singer/Songs");
    }

    @Test
    @DisplayName("D6, D7: a playlist of 450 with a track twice keeps its positions")
    void aPlaylistOf450() throws Exception {
        fake.playlist(8).titled("Mix/1").add(fake.tracks(1, 300));
        fake.playlist(8).add(fake.track(5)).add(fake.tracks(301, 149));

        var entries = house.all("playlist_8?variant=preview");

        assertThat(((Resolution.Listing) house.resolve("playlist_8")).name()).isEqualTo("Mix_1");
        assertThat(entries).hasSize(450);
        assertThat(entries.get(300).link()).isEqualTo(entries.get(4).link());
        assertThat(entries.get(4).link())
                .isEqualTo("https://www.deezer.com/track/5?variant=preview");
        assertThat(entries)
                .extracting(entry -> entry.metadata().get("playlist_position"))
                .isEqualTo(IntStream.rangeClosed(1, 450).mapToObj(Integer::toString).toList());
        assertThat(entries.get(449).folder()).isEqualTo("Mix_1");
        assertThat(entries.get(449).name()).startsWith("450 - Some Artist - Track ");
    }

    @Test
    @DisplayName(
            "D7: a playlist that changes while it is read is read once more, and no third time")
    void aChangingPlaylist() throws Exception {
        fake.playlist(8).add(fake.tracks(1, 150)).changesAfter(2, fake.track(999));
        // It is another one each time it is asked for.
        fake.fault(
                PLAYLIST,
                changed(
                        (exchange, playlist) ->
                                playlist.replaceFirst(
                                        "\"checksum\":\"", "$0" + exchange.number())));

        var entries = house.all("playlist_8");

        assertThat(entries).hasSize(150 + 151);
        assertThat(new HashSet<>(entries.stream().map(Entry::link).toList())).hasSize(151);
        assertThat(fake.calls(PLAYLIST)).hasSize(2);
        assertThat(house.notes("playlist_8")).last().asString().contains("changed");
    }

    @Test
    @DisplayName("D6: what a listener uploaded has no link, and does not harm the others")
    void anUploadDoesNotHarmOthers() throws Exception {
        fake.playlist(8).add(fake.tracks(1, 3));
        fake.fault(
                PLAYLIST_TRACKS,
                changed((exchange, page) -> page.replaceFirst("\"id\":2,", "\"id\":-2,")));

        assertThat(house.all("playlist_8"))
                .extracting(Entry::link)
                .isEqualTo(links(1, 3).stream().map(link -> link.replace("/2", "/-2")).toList());
    }

    @Test
    @DisplayName("D7: a playlist that stays as it is is read once")
    void anUnchangedPlaylist() throws Exception {
        fake.playlist(8).add(fake.tracks(1, 150));

        assertThat(house.all("playlist_8")).hasSize(150);
        assertThat(house.notes("playlist_8")).containsOnlyNulls();
        assertThat(fake.calls(PLAYLIST_TRACKS)).hasSize(2);
    }

    @Test
    @DisplayName("D8: albums of one name are told apart by year, then by id")
    void equalNames() throws Exception {
        album(1, "Songs", "1999").add(fake.tracks(1, 2));
        album(2, "Songs", "2001").add(fake.tracks(5, 2));
        album(3, "songs", "2001").add(fake.tracks(9, 2));

        assertThat(folderOf("album_1")).isEqualTo("Singer/Songs");
        assertThat(folderOf("album_2")).isEqualTo("Singer/Songs (2001)");
        assertThat(folderOf("album_3")).isEqualTo("Singer/songs (3)");
        assertThat(folderOf("album_1")).isEqualTo("Singer/Songs");
    }

    @Test
    @DisplayName("D8: an album by several is by Various Artists")
    void severalArtists() throws Exception {
        album(9, "Songs", "1999").add(fake.track(1), fake.track(2).by("Somebody Else"));

        assertThat(folderOf("album_9")).isEqualTo("Various Artists/Songs");
        assertThat(((Resolution.Listing) house.resolve("album_9")).name())
                .isEqualTo("Various Artists - Songs");
    }

    @Test
    @DisplayName("maxEntries ends a list")
    void listsHaveALimit() throws Exception {
        try (var small = new House(Map.of("maxEntries", 25, "pageSize", 10))) {
            small.fake.album(9).add(small.fake.tracks(1, 60));
            assertThat(small.all("album_9")).hasSize(25);
        }
    }

    @Test
    @DisplayName("R8: a next page that leads back ends the list")
    void circlesEnd() throws Exception {
        album(9, "Songs", "1999").add(fake.track(1));
        fake.fault(
                ALBUM_TRACKS,
                changed(
                        (exchange, page) ->
                                page.replace(
                                        "\"total\":1",
                                        "\"total\":9,\"next\":\"https://x/y?index=0\"")));

        assertThat(house.all("album_9")).hasSize(1);
    }

    private String folderOf(String link) throws Exception {
        return house.all(link).get(0).folder();
    }

    private static List<String> links(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(id -> "https://www.deezer.com/track/" + id)
                .toList();
    }

    private FakeAlbum album(int id, String title, String year) {
        return fake.album(id).titled(title).by("Singer").released(year + "-05-06");
    }

    private static Answer changed(BiFunction<Exchange, String, String> change) {
        return (exchange, good) -> {
            var reply = good.get();
            reply.withBody(change.apply(exchange, reply.body())).send(exchange);
        };
    }
}
