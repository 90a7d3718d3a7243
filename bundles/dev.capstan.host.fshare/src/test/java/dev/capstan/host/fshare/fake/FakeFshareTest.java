package dev.capstan.host.fshare.fake;

import static dev.capstan.host.fshare.fake.Endpoint.DELIVERY;
import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;
import static dev.capstan.host.fshare.fake.Endpoint.FILE_INFO;
import static dev.capstan.host.fshare.fake.Endpoint.FOLDER_LIST;
import static dev.capstan.host.fshare.fake.Endpoint.LISTING;
import static dev.capstan.host.fshare.fake.Endpoint.LOGIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.tck.Origin;
import dev.capstan.tck.script.LinkLife;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue.ValueType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fake speaks as Fshare does, seen by a client that knows nothing of the host. */
class FakeFshareTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final FakeFshare fake = FakeFshare.start(() -> NOW);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String token = "";
    private String session = "";

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    void logsInTheRegisteredPairOnly() throws Exception {
        var good = logIn(FakeAccount.APP_KEY, FakeAccount.USER_AGENT, FakeAccount.PASSWORD);
        var key = logIn("another", FakeAccount.USER_AGENT, FakeAccount.PASSWORD);
        var agent = logIn(FakeAccount.APP_KEY, "curl/8", FakeAccount.PASSWORD);
        var wrong = logIn(FakeAccount.APP_KEY, FakeAccount.USER_AGENT, "guess");

        assertThat(object(good).getInt("code")).isEqualTo(200);
        assertThat(object(good)).containsKeys("msg", "token", "session_id");
        assertThat(object(key).getInt("sub_code")).isEqualTo(33);
        assertThat(object(agent).getInt("sub_code")).isEqualTo(37);
        assertThat(List.of(key.statusCode(), agent.statusCode(), wrong.statusCode()))
                .containsExactly(403, 403, 405);
        assertThat(fake.calls(LOGIN)).hasSize(4).extracting(Call::at).containsOnly(NOW);
        assertThat(fake.secrets()).contains(object(good).getString("token"));
        assertThat(fake.account().sessions()).isEqualTo(1);
    }

    @Test
    void answersARefererWith400() throws Exception {
        var request = get(fake.folderUrl()).header("Referer", "https://www.fshare.vn/");

        assertThat(send(request).statusCode()).isEqualTo(400);
    }

    @Test
    void describesTheAccount() throws Exception {
        logIn();
        fake.account().vipUntil(NOW.minusSeconds(1)).traffic(10, 3);

        var user = object(user());

        assertThat(user.getString("account_type")).isEqualTo("Vip");
        assertThat(user.getString("expire_vip")).isEqualTo(Long.toString(NOW.getEpochSecond() - 1));
        assertThat(user.getString("traffic_used")).isEqualTo("3");
        fake.file("AB12");
        assertThat(download("AB12").statusCode()).isEqualTo(403);
        fake.account().vipForever();
        assertThat(download("ab12").statusCode()).isEqualTo(200);
    }

    @Test
    void losesSessionsAfterSomeCallsAndInTheGivenForm() throws Exception {
        fake.account().sessionsLast(2);
        logIn();

        assertThat(user().statusCode()).isEqualTo(200);
        assertThat(user().statusCode()).isEqualTo(200);
        assertThat(object(user()).getInt("code")).isEqualTo(201);
        fake.account().whenSessionGone(Answer.html(401, "Unauthorized"));
        assertThat(user().statusCode()).isEqualTo(401);

        fake.account().sessionsLast(Integer.MAX_VALUE);
        logIn();
        assertThat(user().statusCode()).isEqualTo(200);
        fake.account().loseSessions();
        assertThat(user().statusCode()).isEqualTo(401);
    }

    @Test
    void wantsThePasswordOfAFile() throws Exception {
        fake.file("SECRET1").password("öffne");
        logIn();

        var without = object(download("SECRET1"));
        var wrong = object(post(DOWNLOAD, link("SECRET1").add("password", "x").build()));
        var right = post(DOWNLOAD, link("SECRET1").add("password", "öffne").build());

        assertThat(List.of(without.getInt("code"), wrong.getInt("code"))).containsExactly(123, 123);
        assertThat(without.getString("msg")).isNotEqualTo(wrong.getString("msg"));
        assertThat(object(right)).containsKey("location");
        assertThat(object(post(FILE_INFO, link("SECRET1").build())).get("pwd").getValueType())
                .isNotEqualTo(ValueType.NULL);
    }

    @Test
    void tellsGoneFromDeleted() throws Exception {
        fake.file("GONE1").gone();
        fake.file("DEL1").deleted();
        logIn();

        assertThat(post(FILE_INFO, link("GONE1").build()).statusCode()).isEqualTo(404);
        assertThat(object(post(FILE_INFO, link("DEL1").build())).getString("deleted"))
                .isEqualTo("1");
        assertThat(download("DEL1").statusCode()).isEqualTo(404);
        assertThat(listing("DEL1", 1).statusCode()).isEqualTo(404);
        assertThat(listing("NEVER", 1).headers().firstValue("content-type").orElse(""))
                .startsWith("text/html");
    }

    @Test
    void deliversByRangesUntilTheLinkDies() throws Exception {
        var file =
                fake.file("BIG1")
                        .size(300_000)
                        .nextLinks(LinkLife.untilByte(100_000), LinkLife.forRequests(1).then(410));
        logIn();
        var first = location("BIG1");
        var second = location("BIG1");
        var third = location("BIG1");

        assertThatThrownBy(() -> bytes(get(first))).isInstanceOf(IOException.class);
        assertThat(fake.deliveries().get(0).bodyBytes()).isEqualTo(100_000);
        assertThat(bytes(range(first, 0, 9)).statusCode()).isEqualTo(403);
        assertThat(bytes(range(second, 100_000, 100_009)).body())
                .isEqualTo(file.body().bytes(100_000, 100_010));
        assertThat(bytes(get(second)).statusCode()).isEqualTo(410);
        assertThat(bytes(get(third)).body()).isEqualTo(file.body().bytes());
        assertThat(fake.calls(DELIVERY)).hasSize(5);
    }

    @Test
    void sendsLinksThatNobodyShouldFollow() throws Exception {
        fake.file("A1").deliveredFrom(URI.create("http://evil.example:81"));
        fake.file("A2").location("ftp://download1.fshare.vn/x");
        logIn();

        assertThat(location("A1").getHost()).isEqualTo("evil.example");
        assertThat(location("A2").getScheme()).isEqualTo("ftp");
    }

    @Test
    void listsAFolderInPagesWithoutAnAccount() throws Exception {
        fake.folder("F1").named("Staffel Ä").add(fake.folder("F2").add(fake.folder("F1")));
        IntStream.range(0, 129)
                .forEach(i -> fake.folder("F1").add(fake.file("C" + i).named("n" + i)));
        fake.folder("F1").add(fake.file("C128"));

        var names = new ArrayList<String>();
        var page = object(listing("F1", 1));
        for (var number = 2; page.getJsonObject("_links").containsKey("next"); number++) {
            names.addAll(names(page.getJsonArray("items")));
            assertThat(page.getJsonObject("_links").getString("next"))
                    .startsWith("/v3/files/folder?")
                    .contains("page=" + number);
            page = object(listing("F1", number));
        }
        names.addAll(names(page.getJsonArray("items")));

        assertThat(fake.calls(LISTING)).hasSize(3);
        assertThat(names).hasSize(131).startsWith("Folder F2", "n0", "n1").endsWith("n128", "n128");
        assertThat(page.getJsonObject("current").getString("name")).isEqualTo("Staffel Ä");
        assertThat(page.getJsonArray("items").getJsonObject(0).getInt("type")).isEqualTo(1);
        assertThat(object(listing("F1", 4)).getJsonArray("items")).isEmpty();
        assertThat(names(object(listing("F2", 1)).getJsonArray("items")))
                .containsExactly("Staffel Ä");
    }

    @Test
    void listsAFileAsItself() throws Exception {
        fake.file("ABC").named("x.mkv").size(7).listedSize(8);

        var current = object(listing("abc", 1)).getJsonObject("current");

        assertThat(current.getString("name")).isEqualTo("x.mkv");
        assertThat(current.getInt("size")).isEqualTo(8);
    }

    @Test
    void listsInXmlUnlessJsonIsAccepted() throws Exception {
        fake.folder("F1");

        var plain = send(get(URI.create(fake.folderUrl() + "?linkcode=F1")));

        assertThat(plain.body()).startsWith("<?xml");
        assertThat(object(listing("F1", 1)).getJsonArray("items")).isEmpty();
    }

    @Test
    void listsAFolderWithAnAccount() throws Exception {
        IntStream.range(0, 70).forEach(i -> fake.folder("F1").add(fake.file("C" + i)));
        logIn();

        assertThat(array(folderList("F1", 0, 60))).hasSize(60);
        var rest = array(folderList("F1", 1, 60));
        assertThat(rest).hasSize(10);
        assertThat(rest.getJsonObject(0).getString("type")).isEqualTo("1");
        assertThat(array(folderList("F1", 2, 60))).isEmpty();
        assertThat(folderList("F1", 0, 59).statusCode()).isEqualTo(400);
        fake.missingPastTheEnd().numbersAsText(FOLDER_LIST, false);
        assertThat(folderList("F1", 2, 60).statusCode()).isEqualTo(404);
        assertThat(array(folderList("F1", 0, 100)).getJsonObject(0).getInt("type")).isEqualTo(1);
    }

    @Test
    void breaksAnswersAsToldAndForAsLongAsTold() throws Exception {
        fake.file("A1").size(5);
        fake.file("A2");
        var limit =
                fake.fault(LISTING, Answer.code(471, "wait"))
                        .when(call -> call.code().filter("A1"::equals).isPresent())
                        .after(1)
                        .times(1);
        assertThat(object(listing("A1", 1))).containsKey("current");
        assertThat(object(listing("A2", 1))).containsKey("current");
        assertThat(object(listing("A1", 1)).getInt("code")).isEqualTo(471);
        assertThat(object(listing("A1", 1))).containsKey("current");
        assertThat(limit.hits()).isEqualTo(1);

        fake.fault(LISTING, Answer.truncated());
        assertThatThrownBy(() -> object(listing("A1", 1))).isInstanceOf(JsonException.class);
        fake.fault(LISTING, Answer.wrongTypes());
        assertThat(object(listing("A1", 1)).getJsonObject("current").get("name").getValueType())
                .isEqualTo(ValueType.ARRAY);
        fake.fault(LISTING, Answer.numbersAsText());
        assertThat(object(listing("A1", 1)).getJsonObject("current").getString("size"))
                .isEqualTo("5");
        fake.fault(LISTING, Answer.padded(2 << 20));
        assertThat(listing("A1", 1).body()).hasSize(2 << 20);
        fake.fault(LISTING, Answer.html(429, "Slow down", "Retry-After: 7"));
        assertThat(listing("A1", 1).headers().firstValue("retry-after")).hasValue("7");
        fake.fault(LISTING, Answer.redirect(308, URI.create("http://evil.example/")));
        assertThat(listing("A1", 1).statusCode()).isEqualTo(308);
        fake.fault(LISTING, Answer.reset());
        assertThatThrownBy(() -> listing("A1", 1)).isInstanceOf(IOException.class);
    }

    @Test
    void holdsCallsUntilTheTestLetsThemGo() throws Exception {
        fake.file("A1");
        try (var hold = fake.hold(LISTING)) {
            var asked = http.sendAsync(listingRequest("A1", 1), BodyHandlers.ofString(UTF_8));
            assertThat(hold.awaitCalls(1, BOUND)).isTrue();
            assertThat(asked).isNotDone();

            hold.release();

            assertThat(asked.get(20, SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keepsSilentUntilTheClientGivesUp() throws Exception {
        fake.fault(LISTING, Answer.silence());
        try (var socket = new Socket("127.0.0.1", fake.folderUrl().getPort())) {
            var ask = "GET %s?linkcode=A1 HTTP/1.1\r\nHost: x\r\n\r\n";
            socket.getOutputStream()
                    .write(ask.formatted(fake.folderUrl().getPath()).getBytes(UTF_8));
            assertThat(fake.awaitCalls(LISTING, 1, BOUND)).isTrue();
            assertThat(fake.awaitNoConnection(Duration.ZERO)).isFalse();
        }

        assertThat(fake.awaitNoConnection(BOUND)).isTrue();
        assertThat(fake.calls(LISTING).get(0).code()).hasValue("A1");
    }

    @Test
    void redirectsAPostAsOftenAsTold() throws Exception {
        fake.fault(LOGIN, Answer.redirect(307, URI.create(fake.apiUrl() + "/user/login"))).times(1);
        var following =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .build();
        var request =
                HttpRequest.newBuilder(URI.create(fake.apiUrl() + "/user/login"))
                        .POST(BodyPublishers.ofString("{\"app_key\":\"x\"}"));

        var answer = following.send(request.build(), BodyHandlers.ofString(UTF_8));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(fake.calls(LOGIN)).hasSize(2).extracting(Call::method).containsOnly("POST");
        assertThat(fake.calls(LOGIN).get(1).text("app_key")).hasValue("x");
    }

    @Test
    void speaksTls() throws Exception {
        var client = HttpClient.newBuilder().sslContext(Origin.clientContext()).build();
        try (var secured = FakeFshare.startTls(InstantSource.system())) {
            secured.file("A1");

            var request = get(URI.create(secured.folderUrl() + "?linkcode=A1")).build();

            assertThat(client.send(request, BodyHandlers.ofString(UTF_8)).statusCode())
                    .isEqualTo(200);
            assertThat(secured.apiUrl().getScheme()).isEqualTo("https");
        }
    }

    private void logIn() throws Exception {
        var answer =
                object(logIn(FakeAccount.APP_KEY, FakeAccount.USER_AGENT, FakeAccount.PASSWORD));
        token = answer.getString("token");
        session = answer.getString("session_id");
    }

    private HttpResponse<String> logIn(String key, String agent, String password) throws Exception {
        var body =
                Json.createObjectBuilder()
                        .add("app_key", key)
                        .add("user_email", FakeAccount.EMAIL)
                        .add("password", password)
                        .build();
        return send(
                HttpRequest.newBuilder(URI.create(fake.apiUrl() + "/user/login"))
                        .header("User-Agent", agent)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpResponse<String> user() throws Exception {
        return send(asMember(get(URI.create(fake.apiUrl() + "/user/get"))));
    }

    private HttpResponse<String> post(Endpoint endpoint, JsonObject body) throws Exception {
        var path =
                switch (endpoint) {
                    case DOWNLOAD -> "/session/download";
                    case FILE_INFO -> "/fileops/get";
                    default -> "/fileops/getFolderList";
                };
        return send(
                asMember(HttpRequest.newBuilder(URI.create(fake.apiUrl() + path)))
                        .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder asMember(HttpRequest.Builder request) {
        return request.header("User-Agent", FakeAccount.USER_AGENT)
                .header("Cookie", "session_id=" + session);
    }

    private JsonObjectBuilder link(String code) {
        return Json.createObjectBuilder()
                .add("token", token)
                .add("url", "https://www.fshare.vn/file/" + code)
                .add("zipflag", 0);
    }

    private HttpResponse<String> download(String code) throws Exception {
        return post(DOWNLOAD, link(code).build());
    }

    private URI location(String code) throws Exception {
        return URI.create(object(download(code)).getString("location"));
    }

    private HttpResponse<String> folderList(String code, int page, int limit) throws Exception {
        return post(
                FOLDER_LIST,
                Json.createObjectBuilder()
                        .add("token", token)
                        .add("url", "https://www.fshare.vn/folder/" + code)
                        .add("dirOnly", 0)
                        .add("pageIndex", page)
                        .add("limit", limit)
                        .build());
    }

    private HttpResponse<String> listing(String code, int page) throws Exception {
        return http.send(listingRequest(code, page), BodyHandlers.ofString(UTF_8));
    }

    private HttpRequest listingRequest(String code, int page) {
        var query = "?linkcode=%s&sort=type,name&page=%d&per-page=50".formatted(code, page);
        return get(URI.create(fake.folderUrl() + query))
                .header("Accept", "application/json")
                .build();
    }

    private static HttpRequest.Builder get(URI uri) {
        return HttpRequest.newBuilder(uri);
    }

    private static HttpRequest.Builder range(URI uri, long from, long last) {
        return get(uri).header("Range", "bytes=" + from + "-" + last);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    private HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static List<String> names(JsonArray items) {
        return items.stream().map(item -> item.asJsonObject().getString("name")).toList();
    }

    private static JsonObject object(HttpResponse<String> answer) {
        return read(answer).asJsonObject();
    }

    private static JsonArray array(HttpResponse<String> answer) {
        return read(answer).asJsonArray();
    }

    private static JsonStructure read(HttpResponse<String> answer) {
        try (var reader =
                Json.createReader(new ByteArrayInputStream(answer.body().getBytes(UTF_8)))) {
            return reader.read();
        }
    }
}
