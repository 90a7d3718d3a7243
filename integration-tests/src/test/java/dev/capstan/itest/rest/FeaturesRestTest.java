package dev.capstan.itest.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.kit.ExampleHost;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins over REST: installed by upload, stopped and removed while a download needs them. */
@Timeout(120)
class FeaturesRestTest {
    private static final String ACME = "acme-host";
    private static final Body BODY = Body.random(1_200_000, 1);
    private static final int MORE_THAN_THREADS = 40;
    private static final int GIVEN_UP = 32;

    @TempDir static Path root;
    private static AdminHost host;
    private static Origin origin;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.plain();
        host = new AdminHost(root, "--allow-private-networks");
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
        origin.close();
    }

    @Test
    @DisplayName("H6, S8: what is no plug-in, or not for this host, is refused in a sentence")
    void whatCannotRunHereIsRefused() throws Exception {
        var before = host.get("/bundles").items("name");

        var garbage = host.upload("no jar at all".getBytes(UTF_8));
        assertThat(garbage.status()).as(garbage.text()).isEqualTo(422);
        assertThat(garbage.text()).contains("sent.jar").doesNotContain("upload-");
        var newer = host.upload(ExampleHost.needing("dev.capstan.host.spi", "[1.2,2)"));
        assertThat(newer.status()).isEqualTo(409);
        assertThat(newer.text())
                .contains("acme-host needs dev.capstan.host.spi 1.2, this host has 1.0");
        assertThat(host.upload(new byte[0]).status()).isEqualTo(400);
        var large =
                host.raw(
                        """
                        POST /api/v1/bundles HTTP/1.1
                        Host: 127.0.0.1:%d
                        Authorization: Bearer %s
                        Content-Type: application/octet-stream
                        Content-Length: 67108865"""
                                .formatted(host.port(), host.token()));
        assertThat(large).startsWith("HTTP/1.1 413");
        var form =
                host.send(
                        "POST",
                        "/api/v1/bundles",
                        ExampleHost.jar(),
                        "Authorization",
                        "Bearer " + host.token(),
                        "Content-Type",
                        "text/plain");
        assertThat(form.status()).isEqualTo(415);
        var stranger =
                host.send(
                        "POST",
                        "/api/v1/bundles",
                        ExampleHost.jar(),
                        "Content-Type",
                        "application/octet-stream");
        assertThat(stranger.status()).isEqualTo(401);
        var foreign =
                host.send(
                        "POST",
                        "/api/v1/bundles",
                        ExampleHost.jar(),
                        "Authorization",
                        "Bearer " + host.token(),
                        "Content-Type",
                        "application/octet-stream",
                        "Origin",
                        "http://evil.example.org");
        assertThat(foreign.status()).isEqualTo(403);

        assertThat(host.get("/bundles").items("name")).isEqualTo(before);
        Capstan.await("no file is left", () -> uploads() == 0);
    }

    @Test
    @DisplayName("S5: files that are sent slowly keep nobody waiting, and few of them are awaited")
    void slowFilesHoldNoThread() throws Exception {
        var slow = new ArrayList<Socket>();
        try {
            for (int count = 0; count < MORE_THAN_THREADS; count++) {
                slow.add(beginToSend("no jar"));
            }
            Capstan.await("some are given up for later ones", () -> answered(slow) >= GIVEN_UP);

            assertThat(host.get("/stats").status()).isEqualTo(200);
            try (var last = beginToSend("no jar")) {
                last.getOutputStream().write(" at all".getBytes(UTF_8));
                assertThat(answerOf(last)).contains(" 422 ", "sent.jar");
            }
            var given = slow.stream().filter(each -> answered(List.of(each)) > 0).findFirst();
            assertThat(answerOf(given.orElseThrow())).contains(" 408 ", "Request Timeout");
        } finally {
            for (var each : slow) {
                each.close();
            }
        }
        Capstan.await("no file is left", () -> uploads() == 0);
    }

    private static long answered(List<Socket> clients) {
        return clients.stream().filter(FeaturesRestTest::isAnswered).count();
    }

    private static boolean isAnswered(Socket client) {
        try {
            return client.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of 13 bytes, of which some are still to come. */
    private static Socket beginToSend(String part) throws Exception {
        var client = new Socket(InetAddress.getLoopbackAddress(), host.port());
        client.setSoTimeout(30_000);
        var head =
                """
                POST /api/v1/bundles?name=sent.jar HTTP/1.1
                Host: 127.0.0.1:%d
                Authorization: Bearer %s
                Content-Type: application/octet-stream
                Content-Length: 13
                Connection: close

                """
                        .formatted(host.port(), host.token())
                        .replace("\n", "\r\n");
        client.getOutputStream().write((head + part).getBytes(UTF_8));
        return client;
    }

    private static String answerOf(Socket client) throws Exception {
        return new String(client.getInputStream().readAllBytes(), UTF_8);
    }

    private static int uploads() {
        var run = host.capstan.data().resolve("run").toFile();
        return run.list((folder, name) -> name.startsWith("upload-")).length;
    }

    @Test
    @DisplayName(
            "H1, H2: sent, seen, stopped while a download needs it, there after a restart, removed")
    void aBundleThatIsSentServesUntilItIsRemoved() throws Exception {
        itIsSentAndSeen();
        itIsStoppedWhileADownloadNeedsIt();
        var pid = "/settings/dev.capstan.host.deezer";
        assertThat(host.put(pid, "{\"callsPer5s\":38}").status()).isEqualTo(200);
        host.restart();
        assertThat(host.get(pid).text()).as("settings are kept").contains("\"value\":38");
        Capstan.await("the plug-in", () -> text("/hosts").contains("\"acme\""));
        itIsRemoved();
    }

    private static void itIsSentAndSeen() throws Exception {
        var events = host.listen();
        var sent = host.upload(ExampleHost.jar());
        assertThat(sent.status()).as(sent.text()).isEqualTo(201);
        Capstan.await(
                "word of it",
                () ->
                        host.answered().contains("\"type\":\"feature.changed\"")
                                && host.answered().contains("\"type\":\"host.added\""));
        events.abort();
        assertThat(sent.texts("installed")).containsExactly(ACME);
        assertThat(host.get("/hosts").items("id")).contains("acme");
        var bundle = host.get("/bundles/" + ACME).json();
        assertThat(bundle.getString("state")).isEqualTo("ACTIVE");
        assertThat(bundle.getBoolean("removable")).isTrue();
    }

    private static void itIsStoppedWhileADownloadNeedsIt() throws Exception {
        origin.serve("/folder/a.bin", Resource.of(BODY).pace(400_000));
        var id = host.control.add("acme://" + origin.uri("/").getRawAuthority() + "/folder/a.bin");
        Capstan.await("some of it", () -> downloaded(id) > 100_000);
        var affected = host.get("/bundles/" + ACME + "/affected");
        assertThat(affected.text())
                .isEqualTo("{\"bundles\":[],\"hosts\":[\"acme\"],\"downloads\":1}");
        var queue = host.get("/bundles/dev.capstan.download.sqlite/affected");
        assertThat(queue.texts("bundles")).contains("dev.capstan.download.provider");
        assertThat(queue.json().getInt("downloads")).isEqualTo(1);
        assertThat(
                        host.get("/bundles/dev.capstan.transfer.http/affected")
                                .json()
                                .getInt("downloads"))
                .isEqualTo(1);

        var stopped = host.post("/bundles/" + ACME + "/stop");
        assertThat(stopped.json().getString("state")).isEqualTo("RESOLVED");
        assertThat(isPresent("acme")).isFalse();
        assertThat(host.post("/bundles/" + ACME + "/start").json().getString("state"))
                .isEqualTo("ACTIVE");
        Capstan.await("it goes on to its end", () -> state(id).equals("COMPLETED"));
    }

    private static void itIsRemoved() throws Exception {
        assertThat(host.delete("/bundles/" + ACME).status()).isEqualTo(204);

        assertThat(isPresent("acme")).isFalse();
        assertThat(host.get("/bundles/" + ACME).status()).isEqualTo(404);
        assertThat(host.post("/bundles/" + ACME + "/start").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("H1: a feature file is sent as a bundle is, and removed as one")
    void aFeatureFileIsSentToo() throws Exception {
        var file =
                """
                {"feature-resource-version": "1.0", "id": "test:sent:1.2.0", "name": "Sent",
                 "configurations": {"test.sent": {"key": "value"}}}
                """;

        var sent = host.upload(file.getBytes(UTF_8));

        assertThat(sent.status()).as(sent.text()).isEqualTo(201);
        var feature = host.get("/features/sent").json();
        assertThat(feature.getString("name")).isEqualTo("Sent");
        assertThat(feature.getString("version")).isEqualTo("1.2.0");
        assertThat(feature.getBoolean("builtIn")).isFalse();
        assertThat(host.delete("/features/sent").status()).isEqualTo(204);
        assertThat(host.get("/features/sent").status()).isEqualTo(404);
    }

    @Test
    void whatCameWithTheHostStays() throws Exception {
        assertThat(host.delete("/bundles/dev.capstan.api").status()).isEqualTo(409);
        assertThat(host.delete("/features/core").status()).isEqualTo(409);
        assertThat(host.delete("/features/nobody").status()).isEqualTo(404);
    }

    @Test
    void featuresAreToldWithTheirBundles() throws Exception {
        var core = feature("core");
        assertThat(core.getString("name")).isEqualTo("Core");
        assertThat(core.getBoolean("builtIn")).isTrue();
        assertThat(core.getString("state")).isEqualTo("ACTIVE");
        assertThat(host.get("/features/core").json()).isEqualTo(core);
        assertThat(host.get("/features/hosts/affected").texts("hosts"))
                .containsExactlyInAnyOrder("deezer", "fshare");
        var api = host.get("/bundles/dev.capstan.api").json();
        assertThat(api.getString("feature")).isEqualTo("core");
        assertThat(api.getBoolean("removable")).isFalse();
        assertThat(host.get("/bundles/dev.capstan.api").texts("neededBy"))
                .contains("dev.capstan.download.provider", "dev.capstan.admin.rest");
        assertThat(host.get("/features/nobody").status()).isEqualTo(404);
        assertThat(host.get("/bundles/nobody/affected").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("H2: the server that is asked to start itself anew answers first")
    void theServerItselfCanBeUpdated() throws Exception {
        var before = Files.getLastModifiedTime(host.endpoint());

        var answer = host.post("/bundles/dev.capstan.admin.rest/update");

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        Capstan.await("it has started anew", () -> isNewerThan(before));
        host.locate();
        Capstan.await(
                "it answers",
                () -> text("/bundles/dev.capstan.admin.rest").contains("\"state\":\"ACTIVE\""));
    }

    private static boolean isNewerThan(FileTime before) {
        try {
            return !Files.getLastModifiedTime(host.endpoint()).equals(before);
        } catch (IOException e) {
            return false; // it is away for a moment
        }
    }

    private static JsonObject feature(String id) throws Exception {
        return host
                .get("/features")
                .json()
                .getJsonArray("items")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(feature -> feature.getString("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** One that is gone is told of as long as downloads wait for it. */
    private static boolean isPresent(String id) throws Exception {
        var answer = host.get("/hosts/" + id);
        return answer.status() != 404 && answer.json().getBoolean("present");
    }

    private static String text(String path) {
        try {
            return host.get(path).text();
        } catch (IOException | InterruptedException e) {
            return ""; // the server is away for a moment
        }
    }

    private static long downloaded(String id) {
        try {
            return host.control.show(id).downloaded();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String state(String id) {
        try {
            return host.control.show(id).state();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
