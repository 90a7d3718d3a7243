package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which requests are taken at all, and from whom (S1, S5). */
@Timeout(120)
class RequestsRestTest {
    private static final String FRIEND = "https://tool.example.org";

    @TempDir static Path root;
    private static AdminHost host;
    private static String reading;
    private static String changing;

    @BeforeAll
    static void start() throws Exception {
        host =
                new AdminHost(
                        root,
                        "--set",
                        "dev.capstan.admin.rest:allowedOrigins=" + FRIEND,
                        "--set",
                        "dev.capstan.admin.rest:hostNames=nas.example.org");
        reading = host.control.done("token", "new", "graph").strip();
        changing = host.control.done("token", "new", "browser", "--scope", "downloads").strip();
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
    }

    // ---- what is sent

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("dev.capstan.itest.rest.RequestCases#malformed")
    @DisplayName("S5: what is malformed is refused by name")
    void whatIsMalformedIsRefusedByName(String body, String named) throws Exception {
        var answer = host.post("/downloads", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.json().getString("code")).isEqualTo("MALFORMED");
        assertThat(answer.json().getString("detail")).contains(named);
        assertThat(answer.text()).doesNotContain("Exception", "\tat ", "jakarta", "dev.capstan");
    }

    @Test
    @DisplayName("S5: a body that is too large, of another type or not UTF-8 is refused")
    void aBodyIsJsonAndSmall() throws Exception {
        var large = "{\"url\":\"" + "x".repeat(2 << 20) + "\"}";
        assertThat(host.post("/downloads", large).status()).isEqualTo(413);
        for (var type :
                new String[] {
                    "text/plain",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "application/json; charset=iso-8859-1",
                    "application/jsonp"
                }) {
            assertThat(post("{\"url\":\"https://h/\"}".getBytes(), type)).as(type).isEqualTo(415);
        }
        var latin = "{\"url\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(post(latin, "application/json")).isEqualTo(400);
        assertThat(post("{\"x\":1}".getBytes(), "Application/JSON; charset=\"UTF-8\""))
                .isEqualTo(400);
    }

    private static int post(byte[] body, String type) throws Exception {
        return host.send(
                        "POST",
                        "/api/v1/downloads",
                        body,
                        "Authorization",
                        "Bearer " + host.token(),
                        "Content-Type",
                        type)
                .status();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource({
        "/downloads?limit=0, limit",
        "/downloads?limit=201, limit",
        "/downloads?limit=-1, limit",
        "/downloads?limit=1e2, limit",
        "/downloads?limit=99999999999999999999, limit",
        "/downloads?limit=1&limit=2, limit",
        "/downloads?state=ASLEEP, state",
        "/downloads?sort=colour, sort",
        "/downloads?order=up, order",
        "/downloads?cursor=AAAA, cursor",
        "/downloads?colour=red, colour",
        "/batches?cursor=yesterday, cursor",
        "/stats?x=, x"
    })
    @DisplayName("S5: so is a query")
    void aQueryIsRefusedByName(String path, String named) throws Exception {
        var answer = host.get(path);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().getString("detail")).contains(named);
    }

    @Test
    @DisplayName("HEAD is GET without a body, and other methods are told what there is")
    void methodsAreTold() throws Exception {
        var bearer = "Bearer " + host.token();
        var head = host.send("HEAD", "/api/v1/stats", null, "Authorization", bearer);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo("application/json");
        assertThat(head.header("Cache-Control")).isEqualTo("no-store");
        assertThat(head.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(head.header("Referrer-Policy")).isEqualTo("no-referrer");

        var put = host.send("PUT", "/api/v1/downloads", null, "Authorization", bearer);
        assertThat(put.status()).isEqualTo(405);
        assertThat(put.header("Allow")).isEqualTo("GET, HEAD, POST");
        assertThat(host.get("/nothing").status()).isEqualTo(404);
        assertThat(host.get("/downloads/").status()).isEqualTo(404);
        var strange = host.send("BREW", "/api/v1/downloads", null, "Authorization", bearer);
        assertThat(strange.status()).isIn(405, 501);
    }

    // ---- from which pages

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("dev.capstan.itest.rest.RequestCases#pages")
    @DisplayName("S5: no page of another site changes anything")
    void noForeignPageChangesAnything(String name, String lines, boolean isTaken) throws Exception {
        var head =
                lines.replace("{host}", "127.0.0.1:" + host.port())
                        .replace("{token}", host.token());

        var answer = host.raw(head);

        // What is let in is refused for what it is, and what is not for where it comes from.
        if (isTaken) {
            assertThat(answer).matches("(?s)HTTP/1.1 (200|204|400|404) .*");
        } else {
            assertThat(answer).startsWith("HTTP/1.1 403 ").contains("FOREIGN_ORIGIN");
        }
    }

    @Test
    @DisplayName("S5: only a configured origin is told so, and never a star")
    void onlyConfiguredOriginsReadAnswers() throws Exception {
        var bearer = "Bearer " + host.token();
        var path = "/api/v1/downloads";
        var friend = host.send("GET", path, null, "Authorization", bearer, "Origin", FRIEND);
        assertThat(friend.header("Access-Control-Allow-Origin")).isEqualTo(FRIEND);
        assertThat(friend.header("Vary")).contains("Origin");
        assertThat(friend.header("Access-Control-Allow-Credentials")).isEmpty();
        for (var other : new String[] {"https://evil.example", "null", FRIEND + ".evil.example"}) {
            var foreign = host.send("GET", path, null, "Authorization", bearer, "Origin", other);
            assertThat(foreign.header("Access-Control-Allow-Origin")).isEmpty();
            var preflight =
                    host.send(
                            "OPTIONS",
                            path,
                            null,
                            "Origin",
                            other,
                            "Access-Control-Request-Method",
                            "POST");
            assertThat(preflight.headers().map())
                    .doesNotContainKeys(
                            "access-control-allow-origin", "access-control-allow-methods");
        }
        var preflight =
                host.send(
                        "OPTIONS",
                        path,
                        null,
                        "Origin",
                        FRIEND,
                        "Access-Control-Request-Method",
                        "POST");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Authorization");
    }

    // ---- under which name

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("dev.capstan.itest.rest.RequestCases#hostNames")
    @DisplayName("S5: only by our own names are we reached")
    void onlyOurOwnNamesAreAnswered(String name, boolean isOurs) throws Exception {
        var value = name.replace("{port}", Integer.toString(host.port()));
        for (var path : new String[] {"/api/v1/stats", "/stream/x", "/"}) {
            var answer =
                    host.raw(
                            "GET "
                                    + path
                                    + " HTTP/1.1\nHost: "
                                    + value
                                    + "\nAuthorization: Bearer "
                                    + host.token());
            if (isOurs) {
                assertThat(answer).doesNotStartWith("HTTP/1.1 421");
            } else {
                assertThat(answer).as(path).matches("(?s)HTTP/1.1 (421|400) .*");
            }
        }
    }

    // ---- with which token

    @Test
    @DisplayName("S5: a token opens what its scope names, at once and until it is removed")
    void scopesAreKept() throws Exception {
        assertThat(status("GET", "/downloads", null)).isEqualTo(401);
        assertThat(status("GET", "/nothing", null)).isEqualTo(401);
        assertThat(status("GET", "/downloads", "wrong")).isEqualTo(401);
        for (var path : new String[] {"/downloads", "/batches", "/stats", "/content/verify"}) {
            assertThat(status("GET", path, reading)).as(path).isEqualTo(200);
            assertThat(status("GET", path, changing)).as(path).isEqualTo(200);
        }
        for (var path : new String[] {"/downloads", "/links/preview"}) {
            assertThat(status("POST", path, reading)).as(path).isEqualTo(403);
            assertThat(status("POST", path, changing)).as(path).isEqualTo(400);
        }
        assertThat(status("DELETE", "/downloads/none", reading)).isEqualTo(403);
        assertThat(status("DELETE", "/downloads/none", changing)).isEqualTo(404);
        for (var path : new String[] {"/content/verify", "/bundles"}) {
            assertThat(status("POST", path, reading)).as(path).isEqualTo(403);
            assertThat(status("POST", path, changing)).as(path).isEqualTo(403);
        }
        assertThat(status("GET", "/logs", changing)).isEqualTo(403);

        var later = host.control.done("token", "new", "later").strip();
        assertThat(status("GET", "/stats", later)).isEqualTo(200);
        assertThat(host.control.done("token", "ls"))
                .contains("graph", "browser", "later", "downloads", "read")
                .doesNotContain(later, reading);
        host.control.done("token", "rm", "later");
        assertThat(status("GET", "/stats", later)).isEqualTo(401);
        assertThat(host.filesWith(List.of(reading, changing, later))).isEmpty();
    }

    private static int status(String method, String path, String token) throws Exception {
        var headers =
                token == null ? new String[0] : new String[] {"Authorization", "Bearer " + token};
        return host.send(method, "/api/v1" + path, null, headers).status();
    }

    // ---- to which addresses

    @Test
    @DisplayName("S1: a link from the network reaches no private address, and no file of ours")
    void linksFromTheNetworkStayOutside() throws Exception {
        try (var origin = Origin.plain().otherwise(Resource.of(Body.random(10, 1)))) {
            var link = origin.uri("/x").toString();
            var added = host.post("/downloads", url(link));
            assertThat(added.status()).as(added.text()).isEqualTo(201);
            var path = "/downloads/" + added.json().getString("id");
            Capstan.await("a refusal", () -> json(path).getString("state").equals("FAILED"));
            assertThat(json(path).getJsonObject("error").getString("class")).isEqualTo("BLOCKED");
            host.post("/links/preview", "{\"urls\":[\"" + link + "\"]}");
            assertThat(origin.log()).isEmpty();
        }
        var file = host.post("/downloads", url("file:///etc/passwd"));
        assertThat(file.status()).isEqualTo(403);
        assertThat(file.json().getString("code")).isEqualTo("BLOCKED");
    }

    private static String url(String link) {
        return Json.createObjectBuilder().add("url", link).build().toString();
    }

    private static JsonObject json(String path) {
        try (var reader = Json.createReader(new StringReader(host.get(path).text()))) {
            return reader.readObject();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
