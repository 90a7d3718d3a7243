package dev.capstan.host.deezer.fake;

import static dev.capstan.host.deezer.fake.Endpoint.ALBUM_TRACKS;
import static dev.capstan.host.deezer.fake.Endpoint.PREVIEW;
import static dev.capstan.host.deezer.fake.Endpoint.TRACK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Origin;
import dev.capstan.tck.host.ManualTime;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fake speaks as Deezer does, seen by a client that knows nothing of the host. */
class FakeDeezerTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final ManualTime clock = new ManualTime();
    private final FakeDeezer fake = FakeDeezer.start(clock);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    void describesATrackAndServesItsPreview() throws Exception {
        fake.track(3).titled("Nacht").version("(Live)").by("Ä", "B");
        fake.track(4).unreadable();

        var track = object("/track/3");

        assertThat(track.getString("title")).isEqualTo("Nacht (Live)");
        assertThat(track.getString("title_version")).isEqualTo("(Live)");
        assertThat(track.getJsonObject("artist").getString("name")).isEqualTo("Ä");
        assertThat(track.getJsonArray("contributors")).hasSize(2);
        assertThat(object("/track/4").getString("preview")).isEmpty();
        assertThat(object("/track/4").getBoolean("readable")).isFalse();
        var preview = bytes(get(URI.create(track.getString("preview")))).body();
        assertThat(preview).isEqualTo(fake.track(3).preview().orElseThrow().bytes());
        assertThat(preview).startsWith(0xff, 0xfb, 0x90, 0x64);
        assertThat(fake.calls(PREVIEW)).extracting(Call::id).containsExactly(3L);
    }

    @Test
    void pagesAListAndCutsTheEmbeddedOneShort() throws Exception {
        fake.album(7).titled("Nights").disc(1, fake.tracks(1000, 100));
        fake.album(7).disc(2, fake.tracks(1100, 30));

        var album = object("/album/7");
        var ids = new ArrayList<Long>();
        var index = 0;
        JsonObject page;
        do {
            page = object("/album/7/tracks?limit=500&index=" + index);
            page.getJsonArray("data")
                    .forEach(
                            track -> ids.add(track.asJsonObject().getJsonNumber("id").longValue()));
            index = ids.size();
        } while (page.containsKey("next"));

        assertThat(album.getInt("nb_tracks")).isEqualTo(130);
        assertThat(album.getJsonObject("tracks").getJsonArray("data")).hasSize(10);
        assertThat(ids).isEqualTo(LongStream.range(1000, 1130).boxed().toList());
        assertThat(fake.calls(ALBUM_TRACKS)).hasSize(2);
        assertThat(page.getInt("total")).isEqualTo(130);
        assertThat(object("/track/1100").getInt("disk_number")).isEqualTo(2);
        assertThat(object("/track/1100").getInt("track_position")).isEqualTo(1);
        assertThat(object("/album/7/tracks").getString("next")).contains("index=25");
        assertThat(object("/track/1100").getJsonObject("album").getString("title"))
                .isEqualTo("Nights");
    }

    @Test
    void changesAPlaylistWhileItIsRead() throws Exception {
        fake.playlist(5).add(fake.tracks(1, 150)).add(fake.track(1));
        fake.playlist(5).changesAfter(1, fake.track(999));

        var before = object("/playlist/5").getString("checksum");
        var first = object("/playlist/5/tracks?limit=100");
        var last = object("/playlist/5/tracks?limit=100&index=100");

        assertThat(first.getString("checksum")).isEqualTo(before);
        assertThat(last.getString("checksum")).isNotEqualTo(before);
        assertThat(object("/playlist/5").getString("checksum"))
                .isEqualTo(last.getString("checksum"));
        assertThat(last.getInt("total")).isEqualTo(152);
        assertThat(last.getJsonArray("data").getJsonObject(0).getInt("id")).isEqualTo(100);
        assertThat(last.getJsonArray("data").getJsonObject(51).getInt("id")).isEqualTo(1);
    }

    @Test
    void tellsErrorsWithStatus200() throws Exception {
        fake.playlist(6).ownersOnly();

        assertThat(error(object("/track/404"))).isEqualTo(800);
        assertThat(error(object("/playlist/6"))).isEqualTo(200);
        assertThat(error(object("/playlist/6/tracks"))).isEqualTo(200);
        assertThat(error(object("/radio/1"))).isEqualTo(600);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300, 500, 501, 700, 901, 4242})
    void tellsAnyErrorItIsToldTo(int code) throws Exception {
        fake.track(1);
        fake.fault(TRACK, Answer.error(code, "Exception", "as told"));

        assertThat(error(object("/track/1"))).isEqualTo(code);
    }

    @Test
    void refusesByQuotaAsOftenAsTold() throws Exception {
        fake.track(1);
        fake.track(2);
        fake.fault(TRACK, Answer.quota()).when(call -> call.id() == 1).times(2);

        assertThat(object("/track/2")).doesNotContainKey("error");
        assertThat(error(object("/track/1"))).isEqualTo(4);
        assertThat(error(object("/track/1"))).isEqualTo(4);
        assertThat(object("/track/1")).doesNotContainKey("error");
    }

    @Test
    void countsTheFullestWindow() throws Exception {
        fake.track(1);
        for (var second = 0; second < 8; second++) {
            object("/track/1");
            clock.pass(Duration.ofSeconds(1));
        }

        assertThat(fake.mostPublicCallsIn(Duration.ofSeconds(5))).isEqualTo(5);
        assertThat(fake.mostPublicCallsIn(Duration.ofMillis(5001))).isEqualTo(6);
        assertThat(fake.mostPublicCallsIn(Duration.ofHours(1))).isEqualTo(8);
    }

    @Test
    void tellsAnotherLinkToEachWhoAsks() throws Exception {
        fake.track(1);
        fake.track(2).previewAt("https://elsewhere.test/2.mp3");

        var first = object("/track/1").getString("preview");

        assertThat(object("/track/1").getString("preview")).isNotEqualTo(first);
        assertThat(bytes(get(URI.create(first))).statusCode()).isEqualTo(200);
        assertThat(bytes(get(fake.deliveryUrl().resolve("/x"))).statusCode()).isEqualTo(404);
        assertThat(object("/track/2").getString("preview"))
                .isEqualTo("https://elsewhere.test/2.mp3");
    }

    @Test
    void holdsCallsUntilTheTestLetsThemGo() throws Exception {
        fake.track(1);
        try (var hold = fake.hold(TRACK)) {
            var asked =
                    http.sendAsync(
                            get(URI.create(fake.apiUrl() + "/track/1")).build(),
                            BodyHandlers.ofString(UTF_8));
            assertThat(hold.awaitCalls(1, BOUND)).isTrue();
            assertThat(asked).isNotDone();

            hold.release();

            assertThat(asked).succeedsWithin(BOUND);
        }
    }

    @Test
    void speaksTls() throws Exception {
        var client = HttpClient.newBuilder().sslContext(Origin.clientContext()).build();
        try (var secured = FakeDeezer.startTls(clock)) {
            secured.track(1);

            var request = get(URI.create(secured.apiUrl() + "/track/1")).build();
            var track = read(client.send(request, BodyHandlers.ofString(UTF_8)).body());

            assertThat(track.getString("preview")).startsWith("https://");
        }
    }

    private static int error(JsonObject answer) {
        return answer.getJsonObject("error").getInt("code");
    }

    private JsonObject object(String path) throws Exception {
        var answer = send(get(URI.create(fake.apiUrl() + path)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return read(answer.body());
    }

    private static JsonObject read(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static HttpRequest.Builder get(URI uri) {
        return HttpRequest.newBuilder(uri);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    private HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }
}
