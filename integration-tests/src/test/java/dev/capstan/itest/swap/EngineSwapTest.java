package dev.capstan.itest.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of bundle, stopped, started and updated under eight downloads, six plain ones and two
 * that are enciphered, and under somebody who plays one of them.
 */
class EngineSwapTest {
    private static final int PLAIN = 6;
    private static final int SEALED = 2;
    private static final int SIZE = 12_000_000;
    private static final int PACE = 100_000;
    private static final String DECRYPTOR = "dev.capstan.decrypt.standard";
    private static final String ENGINE = "dev.capstan.transfer.http";

    /** What a connection may have had under way when it was cut; between two swaps comes more. */
    private static final int BLOCK = 1 << 15;

    private static final String DIRECT = "dev.capstan.host.direct";

    /** Each of them ends all connections when it goes, the direct host those of its links. */
    private static final List<String> BUNDLES =
            List.of(
                    DIRECT,
                    ENGINE,
                    "dev.capstan.content.file",
                    "dev.capstan.download.sqlite",
                    "dev.capstan.secret.file",
                    "dev.capstan.download.provider");

    /** The engine is wired to it: with another one it begins anew. */
    private static final String LIBRARY = "dev.capstan.lib.httpclient";

    /** No running download has anything of these: faces, plug-ins, what plays and what shares. */
    private static final List<String> OTHERS =
            List.of(
                    "dev.capstan.admin.web",
                    "dev.capstan.admin.console",
                    "dev.capstan.admin.rest",
                    "dev.capstan.room.websocket",
                    "dev.capstan.room.tcp",
                    "dev.capstan.room.provider",
                    "dev.capstan.record.tags",
                    "dev.capstan.record.mpv",
                    "dev.capstan.record.provider",
                    "dev.capstan.host.fshare",
                    "dev.capstan.host.deezer");

    @TempDir Path root;
    private final Origin origin = Origin.plain();
    private final Map<String, Body> plain = new LinkedHashMap<>();
    private final Map<String, Body> wire = new LinkedHashMap<>();
    private Capstan capstan;
    private Control control;

    @BeforeEach
    void serve() throws Exception {
        capstan = new Capstan(root);
        control = new Control(capstan.data(), capstan.folder());
        for (var i = 0; i < PLAIN + SEALED; i++) {
            var body = Body.random(SIZE, i);
            var name = (i < PLAIN ? "plain" : "sealed") + i;
            plain.put(name, body);
            wire.put(name, i < PLAIN ? body : Body.of(VaultHost.seal(body.bytes())));
        }
        wire.forEach((name, body) -> origin.serve("/" + name, Resource.of(body).pace(PACE)));
    }

    @AfterEach
    void close() {
        origin.close();
    }

    @Test
    @DisplayName("H2, H2a: no download notices more than a pause, and nothing is fetched again")
    void eightDownloadsSurviveEverySwap() throws Exception {
        try (var host = capstan.startHost()) {
            var feature = VaultHost.writeFeature(Files.createDirectory(root.resolve("vault")));
            control.done("install", feature.toUri().toString());
            var ids = new ArrayList<String>();
            for (var name : wire.keySet()) {
                ids.add(control.add("-x", "1", link(name)));
            }
            origin.serve("/rests", Resource.of(Body.random(SIZE, 99)).pace(PACE));
            var resting = control.add(origin.uri("/rests").toString());
            control.done("pause", resting);
            awaitAllGoOn(0, PLAIN + SEALED);
            othersComeAndGoUnnoticed();

            var played = play(link("plain0"));
            var pauses = new ArrayList<String>();
            for (var bundle : BUNDLES) {
                var pause = swap(bundle, "stop", "start");
                pauses.add(
                        bundle + " " + pause.toMillis() + "/" + swap(bundle, "update").toMillis());
            }
            pauses.add(LIBRARY + " " + swap(LIBRARY, "update").toMillis());
            aDecryptorThatIsAwayIsWaitedFor(ids);
            for (var id : ids) {
                var row = ended(id);
                assertThat(row.state()).as(row.json()).isEqualTo("COMPLETED");
                assertThat(row.json()).contains("\"retries\":0");
                var path = Path.of(row.path());
                assertThat(path).hasBinaryContent(plain.get(path.getFileName().toString()).bytes());
            }
            assertThat(played.get(1, TimeUnit.MINUTES).body())
                    .as("H2a: who plays it goes on, too")
                    .isEqualTo(plain.get("plain0").bytes());
            assertThat(control.show(resting).state()).isEqualTo("PAUSED");
            assertThat(control.list()).hasSize(PLAIN + SEALED + 1);

            var twice = delivered() - (long) (PLAIN + SEALED) * SIZE;
            System.out.println("On again after ms: " + pauses + "; " + twice + " bytes twice");
            var cuts = (2L * BUNDLES.size() + 2) * (PLAIN + SEALED);
            assertThat(twice).isLessThanOrEqualTo(cuts * BLOCK);
            assertThat(host.terminate().exit()).isZero();
        }
    }

    private void othersComeAndGoUnnoticed() throws Exception {
        var requests = origin.log().size();
        for (var bundle : OTHERS) {
            for (var action : List.of("stop", "start", "update")) {
                control.done("features", action, bundle);
            }
        }
        // What carries the answer is what is changed.
        control.call("features", "update", "dev.capstan.admin.shell");
        Capstan.await("the control socket is back", control::isListening);

        var bytes = origin.bodyBytes();
        Capstan.await("bytes flow on", () -> origin.bodyBytes() > bytes + PACE);
        assertThat(origin.log()).as("nobody had to ask again").hasSize(requests);
        assertThat(control.list()).extracting(Control.Row::state).doesNotContain("FAILED");
    }

    /** Reads a download to its end, as a player does. */
    private CompletableFuture<HttpResponse<byte[]>> play(String link) throws IOException {
        var stream = URI.create(control.done("play", link).strip());
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(stream).build(), BodyHandlers.ofByteArray());
    }

    /** D18: what is enciphered arrives without a decryptor, and needs one to begin and to end. */
    private void aDecryptorThatIsAwayIsWaitedFor(List<String> ids) throws Exception {
        var requests = origin.log().size();
        var bytes = origin.bodyBytes();
        control.done("features", "stop", DECRYPTOR);
        Capstan.await("bytes flow on", () -> origin.bodyBytes() > bytes + PACE);
        assertThat(origin.log()).as("nobody had to ask again").hasSize(requests);

        wire.forEach((name, body) -> origin.serve("/" + name, Resource.of(body)));
        control.done("features", "update", ENGINE);
        for (var id : ids.subList(0, PLAIN)) {
            ended(id);
        }
        for (var id : ids.subList(PLAIN, ids.size())) {
            Capstan.await(
                    "it says what it waits for",
                    () -> story(id).contains("waiting for a decryptor of AES_CTR"));
            assertThat(show(id).state()).isEqualTo("QUEUED");
        }
        control.done("features", "start", DECRYPTOR);
    }

    private Duration swap(String bundle, String... actions) throws Exception {
        var before = origin.log().size();
        for (var action : actions) {
            control.done("features", action, bundle);
        }
        var back = System.nanoTime();
        awaitAllGoOn(before, bundle.equals(DIRECT) ? PLAIN : PLAIN + SEALED);
        return Duration.ofNanos(System.nanoTime() - back);
    }

    /** On a machine that is slow enough one may have ended before its time. */
    private void awaitAllGoOn(int before, int number) throws Exception {
        Capstan.await(
                "all go on",
                () -> {
                    var log = origin.log();
                    var late = log.subList(before, log.size());
                    return wire.keySet().stream()
                            .limit(number)
                            .allMatch(name -> sent(late, name) > 0 || sent(log, name) >= SIZE);
                });
    }

    private static long sent(List<Exchange> log, String name) {
        return log.stream()
                .filter(exchange -> exchange.target().equals("/" + name))
                .mapToLong(Exchange::bodyBytes)
                .sum();
    }

    private long delivered() {
        return wire.keySet().stream().mapToLong(name -> sent(origin.log(), name)).sum();
    }

    private String link(String name) {
        var link = origin.uri("/" + name).toString();
        return name.startsWith("sealed") ? link.replaceFirst("http", "vault") : link;
    }

    private Control.Row ended(String id) throws Exception {
        Capstan.await("the end of it", () -> show(id).isEnded());
        return show(id);
    }

    private Control.Row show(String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What a person is shown of a download. */
    private String story(String id) {
        try {
            return control.done("show", id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
