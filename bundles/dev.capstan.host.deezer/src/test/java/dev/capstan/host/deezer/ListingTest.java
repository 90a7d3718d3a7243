package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final House house = new House(Map.of());

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    @DisplayName("D6, D8: an album of 130 tracks on two discs, in order, each with its place")
    void anAlbumOf130() throws Exception {
        house.service.list(
                "/album/9", album(9, "Songs", "1999"), PublicService.tracks(1000, 130, 2));

        var listing = (Resolution.Listing) house.resolve("album_9");
        var entries = house.all("album_9");

        assertThat(listing.name()).isEqualTo("Singer - Songs");
        assertThat(entries).extracting(Entry::link).isEqualTo(links(1000, 130, ""));
        assertThat(entries.get(0).folder()).isEqualTo("Singer/Songs/CD 1");
        assertThat(entries.get(0).name()).isEqualTo("01 - Singer - Song 1000 (preview).mp3");
        assertThat(entries.get(129).folder()).isEqualTo("Singer/Songs/CD 2");
        assertThat(entries.get(129).name()).isEqualTo("130 - Singer - Song 1129 (preview).mp3");
        assertThat(entries.get(129).metadata())
                .containsEntry("track_number", "130")
                .containsEntry("disc_number", "2")
                .containsEntry("album_artist", "Singer")
                .containsEntry("year", "1999")
                .containsEntry("cover", "https://covers.test/9-xl.jpg")
                .containsEntry("variant", "preview");
    }

    @Test
    @DisplayName("D6: the list is paged, the embedded one is not believed, only next's index is")
    void listsArePaged() throws Exception {
        house.service.list("/album/9", album(9, "Songs", "1999"), PublicService.tracks(1, 250, 1));

        assertThat(house.all("album_9")).hasSize(250);
        assertThat(house.service.calls())
                .containsExactlyInAnyOrder(
                        "/album/9",
                        "/album/9/tracks?index=0&limit=100",
                        "/album/9/tracks?index=249&limit=1",
                        "/album/9/tracks?index=100&limit=100",
                        "/album/9/tracks?index=200&limit=100");
        assertThat(house.all("album_9").get(0).folder()).isEqualTo("Singer/Songs");
    }

    @Test
    @DisplayName("D6, D7: a playlist of 450 with a track twice keeps its positions")
    void aPlaylistOf450() throws Exception {
        var tracks = new ArrayList<>(PublicService.tracks(1, 449, 1));
        tracks.add(300, tracks.get(4));
        house.service.list("/playlist/8", playlist("one"), tracks);

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
        assertThat(entries.get(449).name()).startsWith("450 - Singer - Song ");
    }

    @Test
    @DisplayName(
            "D7: a playlist that changes while it is read is read once more, and no third time")
    void aChangingPlaylist() throws Exception {
        var before = PublicService.tracks(1, 150, 1);
        var after = PublicService.tracks(1, 151, 1);
        var reads = new AtomicInteger();
        // It is another one each time it is asked for.
        house.service.serve(
                "/playlist/8",
                exchange -> exchange.answer(200, playlist("sum" + exchange.number())));
        house.service.serve(
                "/playlist/8/tracks",
                exchange ->
                        house.service.page(
                                exchange, reads.incrementAndGet() <= 2 ? before : after));

        var entries = house.all("playlist_8");

        assertThat(entries).hasSize(150 + 151);
        assertThat(new HashSet<>(entries.stream().map(Entry::link).toList())).hasSize(151);
        assertThat(house.service.calls().stream().filter("/playlist/8"::equals)).hasSize(2);
    }

    @Test
    @DisplayName("D7: a playlist that stays as it is is read once")
    void anUnchangedPlaylist() throws Exception {
        house.service.list("/playlist/8", playlist("same"), PublicService.tracks(1, 150, 1));

        assertThat(house.all("playlist_8")).hasSize(150);
        assertThat(house.service.calls().stream().filter(call -> call.contains("index=0")))
                .hasSize(1);
    }

    @Test
    @DisplayName("D8: albums of one name are told apart by year, then by id")
    void equalNames() throws Exception {
        house.service.list("/album/1", album(1, "Songs", "1999"), PublicService.tracks(1, 2, 1));
        house.service.list("/album/2", album(2, "Songs", "2001"), PublicService.tracks(5, 2, 1));
        house.service.list("/album/3", album(3, "songs", "2001"), PublicService.tracks(9, 2, 1));

        assertThat(folderOf("album_1")).isEqualTo("Singer/Songs");
        assertThat(folderOf("album_2")).isEqualTo("Singer/Songs (2001)");
        assertThat(folderOf("album_3")).isEqualTo("Singer/songs (3)");
        assertThat(folderOf("album_1")).isEqualTo("Singer/Songs");
    }

    @Test
    @DisplayName("D8: an album by several is by Various Artists")
    void severalArtists() throws Exception {
        var other = PublicService.track(2, 2, 1).replace("{\"id\":7", "{\"id\":8");
        house.service.list(
                "/album/9",
                album(9, "Songs", "1999"),
                List.of(PublicService.track(1, 1, 1), other));

        assertThat(folderOf("album_9")).isEqualTo("Various Artists/Songs");
        assertThat(((Resolution.Listing) house.resolve("album_9")).name())
                .isEqualTo("Various Artists - Songs");
    }

    @Test
    @DisplayName("maxEntries ends a list")
    void listsHaveALimit() throws Exception {
        try (var small = new House(Map.of("maxEntries", 25, "pageSize", 10))) {
            small.service.list(
                    "/album/9", album(9, "Songs", "1999"), PublicService.tracks(1, 60, 1));
            assertThat(small.all("album_9")).hasSize(25);
        }
    }

    @Test
    @DisplayName("R8: a next page that leads back ends the list")
    void circlesEnd() throws Exception {
        house.service.answer("/album/9", album(9, "Songs", "1999"));
        house.service.answer(
                "/album/9/tracks",
                "{\"data\":["
                        + PublicService.track(1, 1, 1)
                        + "],\"total\":9,\"next\":\"https://x/y?index=0\"}");

        assertThat(house.all("album_9")).hasSize(1);
    }

    private String folderOf(String link) throws Exception {
        return house.all(link).get(0).folder();
    }

    private static List<String> links(int first, int count, String query) {
        return IntStream.range(first, first + count)
                .mapToObj(id -> "https://www.deezer.com/track/" + id + query)
                .toList();
    }

    private static String album(int id, String title, String year) {
        return """
        {"id":%d,"title":"%s","artist":{"id":7,"name":"Singer"},"release_date":"%s-05-06",
         "cover_big":"https://covers.test/%d-b.jpg","cover_xl":"https://covers.test/%d-xl.jpg",
         "nb_tracks":130,"tracks":{"data":[%s]}}"""
                .formatted(id, title, year, id, id, PublicService.track(4711, 1, 1));
    }

    private static String playlist(String checksum) {
        return """
        {"id":8,"title":"Mix/1","creator":{"name":"Me"},"nb_tracks":450,"checksum":"%s",
         "tracks":{"data":[%s]}}"""
                .formatted(checksum, PublicService.track(4711, 1, 1));
    }
}
