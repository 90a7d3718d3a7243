package dev.capstan.host.deezer.fake;

import static dev.capstan.host.deezer.fake.Endpoint.ALBUM_TRACKS;
import static dev.capstan.host.deezer.fake.Endpoint.DELIVERY;
import static dev.capstan.host.deezer.fake.Endpoint.MEDIA;
import static dev.capstan.host.deezer.fake.Endpoint.PREVIEW;
import static dev.capstan.host.deezer.fake.Endpoint.SONG_DATA;
import static dev.capstan.host.deezer.fake.Endpoint.TRACK;
import static dev.capstan.host.deezer.fake.Endpoint.USER_DATA;
import static dev.capstan.host.deezer.fake.Format.FLAC;
import static dev.capstan.host.deezer.fake.Format.MP3_128;
import static dev.capstan.host.deezer.fake.Format.MP3_320;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.tck.Origin;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue.ValueType;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fake speaks as Deezer does, seen by a client that knows nothing of the host. */
class FakeDeezerTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final SetClock clock = new SetClock();
    private final FakeDeezer fake = FakeDeezer.start(clock);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private String cookies = "arl=" + FakeAccount.ARL;
    private String apiToken = "";
    private String licence = "";

    @AfterEach
    void close() {
        fake.close();
    }

    // ---- public API

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
        assertThat(fake.memberCalls()).isZero();
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
        fake.fault(TRACK, Answer.quota()).forId(1).times(2);

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
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(fake.mostPublicCallsIn(Duration.ofSeconds(5))).isEqualTo(5);
        assertThat(fake.mostPublicCallsIn(Duration.ofMillis(5001))).isEqualTo(6);
        assertThat(fake.mostPublicCallsIn(Duration.ofHours(1))).isEqualTo(8);
    }

    // ---- the account

    @Test
    void takesTheRightCookieOnly() throws Exception {
        fake.account().rights(true, false);
        cookies = "arl=another";

        var nobody = logIn();
        cookies = "arl=" + FakeAccount.ARL;
        var user = logIn();

        assertThat(nobody.getJsonObject("USER").getInt("USER_ID")).isZero();
        assertThat(user.getJsonObject("USER").getInt("USER_ID")).isPositive();
        var options = user.getJsonObject("USER").getJsonObject("OPTIONS");
        assertThat(options.getBoolean("web_hq")).isTrue();
        assertThat(options.getBoolean("web_lossless")).isFalse();
        assertThat(fake.secrets()).contains(apiToken, licence, FakeAccount.ARL);
    }

    @Test
    void knowsTheTokensItGave() throws Exception {
        fake.track(1).offers(MP3_320, 5000).fallback(fake.track(2).offers(FLAC, 7000));

        assertThat(gatewayError(song(1))).isEqualTo("VALID_TOKEN_REQUIRED");
        logIn();
        var song = results(song(1));
        var right = apiToken;
        apiToken = "marked-check-form-0";
        assertThat(gatewayError(song(1))).isEqualTo("VALID_TOKEN_REQUIRED");
        apiToken = right;
        fake.account().invalidateTokens();
        assertThat(gatewayError(song(1))).isEqualTo("VALID_TOKEN_REQUIRED");

        assertThat(song.getString("FILESIZE_MP3_320")).isEqualTo("5000");
        assertThat(song.getString("FILESIZE_FLAC")).isEqualTo("0");
        assertThat(song.getInt("TRACK_TOKEN_EXPIRE"))
                .isEqualTo((int) NOW.plus(Duration.ofHours(1)).getEpochSecond());
        assertThat(song.getJsonObject("FALLBACK").getString("SNG_ID")).isEqualTo("2");
        assertThat(fake.calls(USER_DATA)).hasSize(1);
        assertThat(fake.calls(SONG_DATA)).extracting(Call::id).containsOnly(1L);
    }

    @Test
    void losesTokensAfterSomeCalls() throws Exception {
        fake.track(1);
        fake.account().tokensLast(1);
        logIn();

        assertThat(song(1).get("error").getValueType()).isEqualTo(ValueType.ARRAY);
        assertThat(gatewayError(song(1))).isEqualTo("VALID_TOKEN_REQUIRED");
        fake.fault(SONG_DATA, Answer.gatewayError("NEED_USER_AUTH"));
        assertThat(gatewayError(song(1))).isEqualTo("NEED_USER_AUTH");
    }

    @Test
    void givesTheFirstFormatItHas() throws Exception {
        fake.track(1).offers(FLAC, 9000).withholds(FLAC).offers(MP3_320, 5000).sources(2);
        logIn();
        var token = results(song(1)).getString("TRACK_TOKEN");

        var medium = medium(media(token, FLAC, MP3_320));

        assertThat(medium.getString("format")).isEqualTo("MP3_320");
        assertThat(medium.getJsonObject("cipher").getString("type")).isEqualTo("BF_CBC_STRIPE");
        assertThat(medium.getJsonArray("sources")).hasSize(2);
        assertThat(medium.getInt("exp"))
                .isEqualTo((int) NOW.plus(Duration.ofHours(24)).getEpochSecond());
        assertThat(media(token, MP3_128).getJsonArray("media")).isEmpty();
        fake.account().rights(false, true);
        assertThat(mediaError(media(token, MP3_320))).isEqualTo(2002);
        fake.account().invalidateLicences();
        assertThat(mediaError(media(token, MP3_320))).isEqualTo(1002);
        assertThat(fake.calls(MEDIA)).extracting(Call::id).containsOnly(1L);
    }

    @Test
    void endsTokensAndLinksByTheClock() throws Exception {
        fake.track(1).offers(FLAC, 9000).tokensLast(Duration.ofMinutes(2));
        fake.track(1).linksLast(Duration.ofMinutes(1));
        logIn();
        var token = results(song(1)).getString("TRACK_TOKEN");
        var link = source(media(token, FLAC), 0);

        assertThat(bytes(get(link)).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(bytes(get(link)).statusCode()).isEqualTo(403);
        clock.advance(Duration.ofMinutes(1));
        assertThat(mediaError(media(token, FLAC))).isEqualTo(1002);
    }

    @Test
    void putsStripedAudioOnTheWire() throws Exception {
        var track = fake.track(1).offers(FLAC, 20_000);
        track.nextLinks(LinkLife.forever(), LinkLife.untilByte(6000).then(410));
        logIn();
        var token = results(song(1)).getString("TRACK_TOKEN");
        var whole = source(media(token, FLAC), 0);
        var short6000 = source(media(token, FLAC), 0);
        track.cipher(FakeTrack.PLAIN);
        var plain = source(media(token, FLAC), 0);

        var wire = bytes(get(whole)).body();

        var bytes = track.plain(FLAC).bytes();
        assertThat(bytes).startsWith('f', 'L', 'a', 'C');
        assertThat(wire).isEqualTo(StripeWriter.write(1, FakeAccount.SECRET, bytes));
        assertThat(wire).isNotEqualTo(bytes);
        assertThat(bytes(get(whole).header("Range", "bytes=6144-")).body())
                .isEqualTo(Arrays.copyOfRange(wire, 6144, wire.length));
        assertThat(bytes(get(plain)).body()).isEqualTo(bytes);
        assertThatThrownBy(() -> bytes(get(short6000))).isInstanceOf(IOException.class);
        assertThat(bytes(get(short6000).header("Range", "bytes=0-9")).statusCode()).isEqualTo(410);
        assertThat(fake.calls(DELIVERY)).extracting(Call::id).containsOnly(1L);
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

    // ---- how it is asked

    private JsonObject logIn() throws Exception {
        var answer = gateway("deezer.getUserData", "{}");
        var user = results(answer.body());
        answer.headers()
                .firstValue("set-cookie")
                .ifPresent(
                        cookie ->
                                cookies =
                                        "arl=" + FakeAccount.ARL + "; " + cookie.split(";", 2)[0]);
        apiToken = user.getString("checkForm");
        var options = user.getJsonObject("USER").getJsonObject("OPTIONS");
        licence = options == null ? "" : options.getString("license_token");
        return user;
    }

    private JsonObject song(long id) throws Exception {
        return read(gateway("song.getData", "{\"sng_id\":\"" + id + "\"}").body());
    }

    private HttpResponse<String> gateway(String method, String body) throws Exception {
        var query = "?method=%s&api_version=1.0&input=3&api_token=%s".formatted(method, apiToken);
        return send(
                get(URI.create(fake.gatewayUrl() + query))
                        .header("Cookie", cookies)
                        .POST(BodyPublishers.ofString(body)));
    }

    /** What the media service says of one track. */
    private JsonObject media(String token, Format... asked) throws Exception {
        var formats = Json.createArrayBuilder();
        List.of(asked)
                .forEach(
                        format ->
                                formats.add(
                                        Json.createObjectBuilder()
                                                .add("cipher", "BF_CBC_STRIPE")
                                                .add("format", format.name())));
        var request =
                Json.createObjectBuilder()
                        .add("license_token", licence)
                        .add("track_tokens", Json.createArrayBuilder().add(token))
                        .add(
                                "media",
                                Json.createArrayBuilder()
                                        .add(
                                                Json.createObjectBuilder()
                                                        .add("type", "FULL")
                                                        .add("formats", formats)))
                        .build();
        var answer = send(get(fake.mediaUrl()).POST(BodyPublishers.ofString(request.toString())));
        return read(answer.body()).getJsonArray("data").getJsonObject(0);
    }

    private static JsonObject medium(JsonObject media) {
        return media.getJsonArray("media").getJsonObject(0);
    }

    private static URI source(JsonObject media, int number) {
        return URI.create(
                medium(media).getJsonArray("sources").getJsonObject(number).getString("url"));
    }

    private static int mediaError(JsonObject media) {
        return media.getJsonArray("errors").getJsonObject(0).getInt("code");
    }

    private static JsonObject results(String answer) {
        return results(read(answer));
    }

    private static JsonObject results(JsonObject answer) {
        assertThat(answer.getJsonArray("error")).isEmpty();
        return answer.getJsonObject("results");
    }

    private static String gatewayError(JsonObject answer) {
        return answer.getJsonObject("error").keySet().iterator().next();
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

    /** Stands still until it is moved. */
    private static final class SetClock extends Clock {
        private volatile Instant now = NOW;

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
