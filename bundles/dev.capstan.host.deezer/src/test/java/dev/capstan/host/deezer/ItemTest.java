package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("D1: links")
class ItemTest {

    @ParameterizedTest
    @CsvSource({
        "track_3135556, track/3135556",
        "album_302127, album/302127",
        "playlist_908622995, playlist/908622995",
        "track_302127_3135556, track/3135556",
        "deezer:track:1, track/1",
        "deezer:album:1, album/1",
        "deezer:playlist:9999999999999999999, playlist/9999999999999999999",
        "https://www.deezer.com/track/1, track/1",
        "http://www.deezer.com/track/1, track/1",
        "https://deezer.com/album/1/, album/1",
        "https://www.deezer.com/en/track/1, track/1",
        "https://www.deezer.com/pt-br/playlist/1, playlist/1",
        "HTTPS://WWW.Deezer.COM/track/1, track/1",
        "https://www.deezer.com./track/1, track/1",
        "https://www.deezer.com/track/1?utm_source=x&autoplay=true#t, track/1",
        "https://www.deezer.com/track/1?variant=full, track/1?variant=full",
        "https://www.deezer.com/fr/track/1/?a=b&variant=preview#x, track/1?variant=preview",
        "track_1?variant=full, track/1?variant=full",
        "deezer:album:1?variant=preview, album/1?variant=preview",
        "https://www.deezer.com/track/1?variant=loud, track/1",
        "https://www.deezer.com/track/1#?variant=full, track/1"
    })
    void everyFormHasOneCanonicalLink(String link, String canonical) {
        var expected = "https://www.deezer.com/" + canonical;
        assertThat(Item.of(link).map(Item::link)).hasValue(expected);
        assertThat(Item.of(expected).map(Item::link)).as("R2").hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "track_",
                "track_0",
                "track_01",
                "track_12345678901234567890",
                "track_1_2_3",
                "album_1_2",
                "track_1_x",
                "track_١",
                "TRACK_1",
                "artist_1",
                "deezer:artist:1",
                "deezer:track:1:2",
                "https://www.deezer.com/artist/1",
                "https://www.deezer.com/track/1/lyrics",
                "https://www.deezer.com/track/",
                "https://www.deezer.com/eng/track/1",
                "https://www.deezer.com/en/fr/track/1",
                "https://www.deezer.com//track/1",
                "https://www.deezer.com/track/../album/1",
                "https://www.deezer.com:443/track/1",
                "https://www.deezer.com.evil.test/track/1",
                "https://evil.test/www.deezer.com/track/1",
                "https://evildeezer.com/track/1",
                "https://x.deezer.com/track/1",
                "https://www.deezer.com@evil.test/track/1",
                "https://u:p@www.deezer.com/track/1",
                "https://link.deezer.com/s/abc",
                "https://deezer.page.link/abc",
                "ftp://www.deezer.com/track/1"
            })
    void whatIsNotExactlyItsOwnIsRefused(String link) {
        assertThat(Item.of(link)).isEmpty();
    }
}
