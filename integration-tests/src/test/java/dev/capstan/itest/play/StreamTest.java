package dev.capstan.itest.play;

import static java.util.Arrays.copyOfRange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The streaming endpoint of a packaged host, and who may use REST (S5). */
@Timeout(120)
class StreamTest {
    private static final int SIZE = 600_001;
    private static final Body BODY = Body.random(SIZE, 7);
    private static final byte[] BYTES = BODY.bytes();
    private static final int MOST_STREAMS = 40;
    private static final Pattern STREAM = Pattern.compile("\"url\":\"(/stream/[^\"]+)\"");

    @TempDir static Path root;
    private static Playing host;
    private final Origin origin = Origin.plain();

    @BeforeAll
    static void start() throws Exception {
        // A source that falls silent stays so: nothing but its client ends a stream of it.
        host =
                new Playing(
                        root,
                        "--set",
                        "dev.capstan.transfer.http:attempts=2",
                        "--set",
                        "dev.capstan.transfer.http:idleTimeoutMs=600000",
                        "--set",
                        "dev.capstan.transfer.http:minBytesPerSecond=0",
                        "--set",
                        "dev.capstan.admin.rest:maxStreams=" + MOST_STREAMS);
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
    }

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    private URI streamOf(String path, Resource file) throws IOException {
        origin.serve(path, file);
        return host.play(origin.uri(path).toString());
    }

    private URI finished(String path) throws Exception {
        var stream = streamOf(path, Resource.of(BODY));
        Capstan.await("the whole", () -> state(origin.uri(path).toString()).equals("COMPLETED"));
        return stream;
    }

    private static String state(String link) {
        try {
            return host.control.list().stream()
                    .filter(row -> row.link().equals(link))
                    .findFirst()
                    .orElseThrow()
                    .state();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- ranges

    @Test
    void rangesOfAFinishedFileAreExact() throws Exception {
        var stream = finished("/song.flac");

        var whole = host.get(stream);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(BYTES);
        assertThat(whole.headers().map())
                .containsEntry("accept-ranges", List.of("bytes"))
                .containsEntry("content-type", List.of("audio/flac"))
                .containsEntry("etag", List.of('"' + BODY.sha256() + '"'));
        assertThat(whole.headers().firstValue("content-disposition"))
                .contains("inline; filename=\"song.flac\"; filename*=UTF-8''song.flac");

        var part = host.get(stream, "Range", "bytes=100-299");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range")).contains("bytes 100-299/" + SIZE);
        assertThat(part.body()).isEqualTo(copyOfRange(BYTES, 100, 300));

        var last = host.get(stream, "Range", "bytes=-1");
        assertThat(last.headers().firstValue("content-range"))
                .contains("bytes 600000-600000/" + SIZE);
        assertThat(last.body()).containsExactly(BYTES[SIZE - 1]);

        var several = host.get(stream, "Range", "bytes=0-1,5-6");
        assertThat(several.statusCode()).isEqualTo(200);
        assertThat(several.body()).hasSize(SIZE);

        var behind = host.get(stream, "Range", "bytes=" + SIZE + "-");
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(behind.headers().firstValue("content-range")).contains("bytes */" + SIZE);
    }

    @Test
    void conditionsAreComparedWithTheTag() throws Exception {
        var stream = finished("/conditions.bin");
        var tag = '"' + BODY.sha256() + '"';

        assertThat(host.get(stream, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(host.get(stream, "If-None-Match", "\"x\", W/" + tag).statusCode())
                .isEqualTo(304);
        assertThat(host.get(stream, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
        assertThat(host.get(stream, "Range", "bytes=0-9", "If-Range", tag).body()).hasSize(10);
        assertThat(host.get(stream, "Range", "bytes=0-9", "If-Range", "\"x\"").body())
                .hasSize(SIZE);
        assertThat(host.get(stream, "Range", "bytes=0-9", "If-Range", "\"v1\"").body())
                .as("whoever began by the source's tag goes on")
                .hasSize(10);
    }

    @Test
    void headTellsWhatGetWould() throws Exception {
        var stream = finished("/head.mkv");

        var head = host.send("HEAD", stream);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-length")).contains("" + SIZE);
        assertThat(head.headers().firstValue("content-type")).contains("video/x-matroska");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void whatIsNotHereYetIsWaitedForAndWhatIsAskedForComesFirst() throws Exception {
        var stream = streamOf("/slow.bin", Resource.of(BODY).pace(20_000));

        var part = host.get(stream, "Range", "bytes=590000-590099");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range"))
                .contains("bytes 590000-590099/" + SIZE);
        assertThat(part.headers().firstValue("etag")).contains("\"v1\"");
        assertThat(part.body()).isEqualTo(copyOfRange(BYTES, 590_000, 590_100));
        assertThat(origin.bodyBytes())
                .as(() -> "before the bytes between: " + origin.log())
                .isLessThan(SIZE / 2);
    }

    @Test
    @DisplayName("P11: what a reader comes to next is shared among connections that are slower")
    void aReaderThatIsFasterThanEachConnectionGetsThemSideBySide() throws Exception {
        var wanted = 600_000;
        origin.serve("/side.bin", Resource.of(Body.random(8 << 20, 3)).pace(100_000));
        var stream = host.play(host.control.add("-x", "4", origin.uri("/side.bin").toString()));
        Capstan.await("four connections", () -> origin.openConnections() == 4);

        var request = HttpRequest.newBuilder(stream).build();
        try (var body = host.http.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat(body.readNBytes(wanted)).hasSize(wanted);
        }

        // Left to themselves they are megabytes apart, and only the first one is near the reader.
        assertThat(
                        origin.log().stream()
                                .filter(near -> near.from() > 0 && near.from() < wanted)
                                .map(Exchange::connection)
                                .distinct())
                .as(() -> origin.log().toString())
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void anEncipheredFileIsPlainWhileItArrives() throws Exception {
        var sealed = Body.of(SealedHost.seal(BYTES));
        origin.serve("/sealed.bin", Resource.of(sealed).pace(200_000));
        var stream = host.play(origin.uri("/sealed.bin").toString().replace("http:", "sealed:"));

        var part = host.get(stream, "Range", "bytes=500001-500777");
        assertThat(part.body()).isEqualTo(copyOfRange(BYTES, 500_001, 500_778));
        assertThat(host.get(stream).body()).isEqualTo(BYTES);
    }

    @Test
    void aFileOfUnknownLengthHasNoRangesAndEndsCleanly() throws Exception {
        var stream = streamOf("/unknown.bin", Resource.of(BODY).chunked());

        assertThat(host.get(stream).body()).isEqualTo(BYTES);
    }

    @Test
    void theFirstBytesTellTheTypeWhereTheNameDoesNot() throws Exception {
        var bytes = BYTES.clone();
        System.arraycopy("fLaC".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 4);
        var flac = streamOf("/nameless", Resource.of(Body.of(bytes)));
        assertThat(host.send("HEAD", flac).headers().firstValue("content-type"))
                .contains("audio/flac");

        var page = "<!DOCTYPE html><script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);
        var html = host.get(streamOf("/page.html", Resource.of(Body.of(page))));
        assertThat(html.headers().firstValue("content-type"))
                .as("a page would run under this server's origin")
                .contains("application/octet-stream");
        assertThat(html.headers().firstValue("content-security-policy").orElseThrow())
                .contains("sandbox");
    }

    // ---- ends

    @Test
    void aTransferThatFailsEndsTheAnswerVisibly() throws Exception {
        origin.serve(
                "/broken.bin",
                exchange -> {
                    if (exchange.number() > 1) {
                        exchange.answer(404, "gone");
                        return;
                    }
                    exchange.cutAfter(SIZE / 2);
                    Resource.of(BODY).pace(150_000).handle(exchange);
                });
        var stream = host.play(origin.uri("/broken.bin").toString());

        assertThatThrownBy(() -> host.get(stream)).isInstanceOf(IOException.class);
    }

    @Test
    void whatFailsBeforeTheFirstByteHasAStatusOfItsOwn() throws Exception {
        origin.serve("/never.bin", exchange -> exchange.answer(404, "nothing"));
        var added = host.control.call("play", origin.uri("/never.bin").toString());

        assertThat(added.exit()).isNotZero();
        assertThat(added.out()).isEmpty();
        assertThat(added.err()).contains("404").doesNotContain("Exception");
    }

    @Test
    void aClientThatGoesAwayEndsItsReader() throws Exception {
        origin.serve(
                "/stalls.bin",
                exchange -> {
                    exchange.stallAfter(1000);
                    Resource.of(BODY).handle(exchange);
                });
        var stream = host.play(origin.uri("/stalls.bin").toString());
        var before = host.streams();

        var client = asking(stream);
        assertThat(status(client)).isEqualTo("HTTP/1.1 200");
        assertThat(host.streams()).isEqualTo(before + 1);
        client.close();

        Capstan.await("the stream's end", () -> host.streams() == before);
    }

    @Test
    void asManyStreamsAsMayRunCanAgainAsSoonAsTheirClientsHaveGone() throws Exception {
        origin.serve(
                "/waits.bin",
                exchange -> {
                    exchange.stallAfter(1000);
                    Resource.of(BODY).handle(exchange);
                });
        var stream = host.play(origin.uri("/waits.bin").toString());

        for (int round = 0; round < 3; round++) {
            var clients = new ArrayList<Socket>();
            try {
                for (int i = 0; i < MOST_STREAMS; i++) {
                    clients.add(asking(stream));
                }
                for (var client : clients) {
                    assertThat(status(client)).isEqualTo("HTTP/1.1 200");
                }
                if (round == 0) {
                    assertThat(status(asking(stream))).isEqualTo("HTTP/1.1 503");
                }
            } finally {
                for (var client : clients) {
                    client.close();
                }
            }
        }
    }

    private static Socket asking(URI stream) throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), stream.getPort());
        send(client, "GET " + stream.getRawPath() + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client;
    }

    private static String status(Socket client) throws IOException {
        return new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    // ---- links and who may ask

    @Test
    void aForeignNameIsRefusedWhateverIsAskedFor() throws Exception {
        for (var path : new String[] {"/", "/api/v1/downloads", "/stream/x"}) {
            assertThat(raw("GET", path, "Host: evil.example.org")).startsWith("HTTP/1.1 421");
            assertThat(raw("GET", path, "Host: localhost:80")).doesNotContain(" 421 ");
        }
    }

    @Test
    void restNeedsTheTokenAndTellsProblems() throws Exception {
        var path = host.at("/api/v1/downloads/x/content-link");

        var without = host.send("POST", path);
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("content-type"))
                .contains("application/problem+json");
        var right = "Bearer " + host.token();
        assertThat(host.send("POST", path, "Authorization", right).statusCode()).isEqualTo(404);
        assertThat(host.send("GET", path, "Authorization", right).statusCode()).isEqualTo(405);
        assertThat(
                        host.send("POST", path, "Authorization", right, "Origin", "https://evil")
                                .statusCode())
                .isEqualTo(403);

        for (var tries = 0; tries < 10; tries++) {
            var wrong = host.send("POST", path, "Authorization", "Bearer wrong");
            assertThat(wrong.statusCode()).isEqualTo(tries < 5 ? 401 : 429);
        }
        assertThat(host.send("POST", path, "Authorization", right).statusCode()).isEqualTo(404);
    }

    @Test
    void restMakesALinkOfADownload() throws Exception {
        finished("/linked.ogg");
        var id = idOf(origin.uri("/linked.ogg").toString());

        var made =
                host.send(
                        "POST",
                        host.at("/api/v1/downloads/" + id + "/content-link"),
                        "Authorization",
                        "Bearer " + host.token());

        assertThat(made.statusCode()).isEqualTo(201);
        var json = new String(made.body(), StandardCharsets.UTF_8);
        var url = STREAM.matcher(json);
        assertThat(url.find()).as(json).isTrue();
        assertThat(json).containsPattern("\"expires\":\"20\\d\\d-[^\"]+Z\"");
        assertThat(host.get(host.at(url.group(1))).body()).isEqualTo(BYTES);
    }

    @Test
    void thePortAndTheTokenAreTold() throws Exception {
        assertThat(host.out()).contains("/api/v1").contains("token").doesNotContain(host.token());
        var endpoint = host.capstan.data().resolve("run/endpoint.json");
        assertThat(Files.getPosixFilePermissions(endpoint)).hasSize(2);
    }

    @Test
    void aPortInUseIsRefusedWithTheOptionThatChangesIt() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = "" + taken.getLocalPort();
            var second = new Capstan(Files.createDirectory(root.resolve("second")));

            var result = second.start("run", "--no-shell", "--port", port);
            var ended = result.await(Duration.ofSeconds(60));

            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err()).contains(port).contains("--port").doesNotContain("\tat ");
            assertThat(ended.out()).isEmpty();
        }
    }

    // ---- records

    @Test
    @DisplayName("E10: a record of two tracks, by the verb and by REST, as links and as a playlist")
    void aRecordIsPlayedTrackByTrack() throws Exception {
        var songs = List.of(song(1), song(2));
        origin.serve("/one", Resource.of(Body.of(songs.get(0))));
        origin.serve("/two", Resource.of(Body.of(songs.get(1))));
        var sides = List.of(origin.uri("/one").toString(), origin.uri("/two").toString());
        host.control.done("etch", "Two sides", sides.get(0), sides.get(1));

        assertThat(streamed(host.control.done("play", "Two sides")))
                .containsExactlyElementsOf(songs);
        var playlist = host.control.done("play", "--m3u", "Two sides");
        assertThat(playlist).startsWith("#EXTM3U\n").contains("Two sides 1", "Two sides 2");
        assertThat(streamed(playlist)).containsExactlyElementsOf(songs);

        var token = "Bearer " + host.token();
        var shared = host.at("/api/v1/records/playlist.m3u8");
        assertThat(host.get(shared).statusCode()).isEqualTo(401);
        var given = host.get(shared, "Authorization", token);
        assertThat(given.headers().firstValue("content-type").orElseThrow()).contains("mpegurl");
        assertThat(streamed(new String(given.body(), StandardCharsets.UTF_8)))
                .containsExactlyElementsOf(songs);

        var id = host.control.done("records").lines().skip(1).findFirst().orElseThrow();
        var second = post("/api/v1/records/" + id.substring(0, 26) + "/play", "{\"track\":1}");
        assertThat(second.statusCode()).isEqualTo(201);
        var url = STREAM.matcher(second.body());
        assertThat(url.find()).as(second.body()).isTrue();
        assertThat(host.get(host.at(url.group(1))).body()).isEqualTo(songs.get(1));
        var third = post("/api/v1/records/" + id.substring(0, 26) + "/play", "{\"track\":2}");
        assertThat(third.statusCode()).as(third.body()).isEqualTo(400);
        assertThat(origin.log()).as("all of it from the store").hasSize(2);
    }

    @Test
    void aPlayerIsStartedWithTheLinkAndItsEndIsTold() throws Exception {
        finished("/player.ogg");
        var link = origin.uri("/player.ogg").toString();

        var played = host.control.call("play", "--player", "curl", link);
        assertThat(played.exit()).as(played.err()).isZero();
        assertThat(played.err()).contains("starts curl http://");
        assertThat(played.out()).isEmpty();
        var failed = host.control.call("play", "--player", "false", link);
        assertThat(failed.exit()).isNotZero();
        assertThat(failed.err()).contains("ended with exit code 1");
        var missing = host.control.call("play", "--player", "no-such-player", link);
        assertThat(missing.exit()).isNotZero();
        assertThat(missing.err()).contains("cannot be started").doesNotContain("\tat ");
    }

    private static byte[] song(int number) {
        var bytes = Body.random(50_000, number).bytes();
        System.arraycopy("fLaC".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 4);
        return bytes;
    }

    /** What is behind each link of a list. */
    private static List<byte[]> streamed(String list) throws Exception {
        var bodies = new ArrayList<byte[]>();
        for (var line : list.lines().filter(line -> line.startsWith("http")).toList()) {
            bodies.add(host.get(URI.create(line)).body());
        }
        return bodies;
    }

    private static HttpResponse<String> post(String path, String json) throws Exception {
        var request =
                HttpRequest.newBuilder(host.at(path))
                        .header("Authorization", "Bearer " + host.token())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json));
        return host.http.send(request.build(), BodyHandlers.ofString());
    }

    private static String idOf(String link) throws IOException {
        return host.control.list().stream()
                .filter(row -> row.link().equals(link))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static String raw(String method, String path, String header) throws IOException {
        var port = host.at("/").getPort();
        try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(
                    client,
                    "%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
                            .formatted(method, path, header));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
