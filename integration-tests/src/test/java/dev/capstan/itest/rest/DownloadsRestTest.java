package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads, batches, previews and numbers over REST, with real files of a real origin. */
@Timeout(120)
class DownloadsRestTest {
    private static final int SIZE = 400_000;
    private static final Body BODY = Body.random(SIZE, 3);
    private static final Body SMALL = Body.random(100, 4);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir static Path root;
    private static Origin origin;
    private static AdminHost host;

    @BeforeAll
    static void start() throws Exception {
        var file = Resource.of(BODY);
        var small = Resource.of(SMALL);
        origin =
                Origin.plain()
                        .otherwise(
                                exchange ->
                                        (exchange.target().endsWith("/n.bin") ? small : file)
                                                .handle(exchange));
        host =
                new AdminHost(
                        root,
                        "--allow-private-networks",
                        "--set",
                        "dev.capstan.transfer.http:minBytesPerSecond=0");
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
        origin.close();
    }

    /** A link that no other test has. */
    private static String link(String name) {
        return origin.uri("/" + NUMBER.incrementAndGet() + "/" + name).toString();
    }

    /** A link whose file comes in minutes. */
    private static String slowLink(String name) {
        var path = "/slow/" + NUMBER.incrementAndGet() + "/" + name;
        origin.serve(path, Resource.of(BODY).pace(2_000));
        return origin.uri(path).toString();
    }

    private static JsonObject added(String json) throws Exception {
        var answer = host.post("/downloads", json);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    private static String idOf(String link) throws Exception {
        return added(request(link)).getString("id");
    }

    private static String request(String link, String... pairs) {
        var request = Json.createObjectBuilder().add("url", link);
        for (int i = 0; i < pairs.length; i += 2) {
            request.add(pairs[i], pairs[i + 1]);
        }
        return request.build().toString();
    }

    private static JsonObject one(String id) {
        try {
            var answer = host.get("/downloads/" + id);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            return answer.json();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonObject awaitState(String id, String state) throws Exception {
        Capstan.await(state, () -> one(id).getString("state").equals(state));
        return one(id);
    }

    private static JsonObject completed(String id) throws Exception {
        Capstan.await(
                "an end",
                () -> List.of("COMPLETED", "FAILED").contains(one(id).getString("state")));
        var done = one(id);
        assertThat(done.getString("state")).as(done.toString()).isEqualTo("COMPLETED");
        return done;
    }

    // ---- adding

    @Test
    @DisplayName("Q9: a link is added once, and told with all that is known of its file")
    void aLinkIsAddedOnce() throws Exception {
        var link = link("song.flac");

        var answer =
                host.post(
                        "/downloads", request(link, "category", "music/new", "filename", "a.flac"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        var id = answer.json().getString("id");
        assertThat(answer.header("Location")).isEqualTo("/api/v1/downloads/" + id);
        var done = completed(id);
        assertThat(done.getString("state")).isEqualTo("COMPLETED");
        assertThat(done.getString("sha256")).isEqualTo(BODY.sha256());
        assertThat(done.getInt("size")).isEqualTo(SIZE);
        assertThat(done.getInt("downloaded")).isEqualTo(SIZE);
        assertThat(done.getJsonArray("ranges")).hasToString("[[0," + SIZE + "]]");
        assertThat(done.getBoolean("playable")).isTrue();
        assertThat(Path.of(done.getString("path")))
                .hasBinaryContent(BODY.bytes())
                .endsWith(Path.of("music/new/a.flac"));

        var slow = slowLink("b.bin");
        var active = idOf(slow);
        var again = host.post("/downloads", request(slow));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.type()).isEqualTo("application/problem+json");
        assertThat(again.json().getString("existing")).isEqualTo(active);
        assertThat(again.json().getString("code")).isEqualTo("EXISTS");
        assertThat(host.delete("/downloads/" + active).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("Q9: of many links a bad one does not harm the others")
    void aBadLinkDoesNotHarmOthers() throws Exception {
        var good = link("a.bin");
        var other = link("b.bin");
        var body =
                Json.createObjectBuilder()
                        .add("urls", Json.createArrayBuilder(List.of(good, "no link", other, good)))
                        .add("paused", true)
                        .build();

        var answer = host.post("/downloads", body.toString());

        assertThat(answer.status()).isEqualTo(201);
        var items = answer.json().getJsonArray("items").getValuesAs(JsonObject.class);
        assertThat(items)
                .extracting(item -> item.getString("outcome"))
                .containsExactly("CREATED", "REFUSED", "CREATED", "ALREADY_ACTIVE");
        assertThat(items.get(1).getJsonObject("error").getInt("status")).isEqualTo(400);
        assertThat(items.get(3).getJsonObject("error").getString("existing"))
                .isEqualTo(items.get(0).getJsonObject("download").getString("id"));
        assertThat(items.get(0).getJsonObject("download").getString("state")).isEqualTo("PAUSED");
    }

    @Test
    @DisplayName("S7: headers, passwords and keys of a link reach the source and nobody else")
    void secretsReachTheSourceAlone() throws Exception {
        var path = "/secret/" + NUMBER.incrementAndGet();
        origin.serve(path, Resource.of(BODY));
        var address = origin.uri(path + "?token=marked-token-7").toString();
        var link = address.replace("http://", "http://marked-user:marked-pass@");
        var body =
                Json.createObjectBuilder()
                        .add("url", link)
                        .add("linkPassword", "marked-word")
                        .add("headers", Json.createObjectBuilder().add("X-Key", "marked-header"))
                        .build();

        var id = added(body.toString()).getString("id");

        completed(id);
        var request =
                origin.log().stream()
                        .filter(exchange -> exchange.target().startsWith(path))
                        .findFirst()
                        .orElseThrow();
        assertThat(request.header("X-Key")).contains("marked-header");
        assertThat(request.header("Authorization")).isPresent();
        assertThat(request.target()).endsWith("token=marked-token-7");
        host.get("/downloads?q=secret");
        host.post("/links/preview", "{\"urls\":[\"" + link + "\"]}");
        assertThat(host.answered())
                .doesNotContain("marked-user", "marked-pass", "marked-word", "marked-header")
                .doesNotContain("marked-token-7");
        assertThat(one(id).getString("url")).endsWith("?token=***");
    }

    @Test
    @DisplayName("A checksum that does not fit fails the download and says so")
    void aChecksumIsChecked() throws Exception {
        var id =
                added(request(link("a.bin"), "checksum", "sha-256=" + "0".repeat(64)))
                        .getString("id");

        var failed = awaitState(id, "FAILED");

        assertThat(failed.getJsonObject("error").getString("class")).isEqualTo("CHECKSUM");
        assertThat(failed.getJsonArray("errorHistory")).isNotEmpty();
        assertThat(failed.containsKey("sha256")).isFalse();
    }

    @Test
    @DisplayName("A folder becomes a batch, and what was asked of it reaches its members")
    void aListingBecomesABatch() throws Exception {
        var path = "/lists/" + NUMBER.incrementAndGet() + ".meta4";
        origin.serve(path, exchange -> exchange.answer(200, metalink(3)));

        var row =
                added(
                        Json.createObjectBuilder()
                                .add("url", origin.uri(path).toString())
                                .add("category", "lists")
                                .add("limitBytesPerSecond", 900_000)
                                .build()
                                .toString());

        var listing = completed(row.getString("id"));
        assertThat(listing.getString("kind")).isEqualTo("listing");
        var batch = listing.getJsonObject("batch").getString("id");
        Capstan.await(
                "all members",
                () -> batch(batch).getInt("completed") == batch(batch).getInt("members"));
        var members = host.get("/downloads?batch=" + batch).json();
        assertThat(members.getInt("total")).isEqualTo(4);
        for (var member : members.getJsonArray("items").getValuesAs(JsonObject.class)) {
            assertThat(member.getString("category")).startsWith("lists");
            assertThat(member.getInt("limitBytesPerSecond")).isEqualTo(900_000);
        }
    }

    private static JsonObject batch(String id) {
        try {
            return host.get("/batches/" + id).json();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String metalink(int files) {
        var text = new StringBuilder("<metalink xmlns='urn:ietf:params:xml:ns:metalink'>");
        for (int i = 0; i < files; i++) {
            var place = "<file name='disc/%1$d.bin'><size>%2$d</size><url>%3$s</url></file>";
            text.append(place.formatted(i, SIZE, origin.uri("/member/" + i)));
        }
        return text.append("</metalink>").toString();
    }

    // ---- moving

    @Test
    @DisplayName("Q3: pause, resume, cancel and retry; a move that is not legal tells the state")
    void downloadsAreMoved() throws Exception {
        var id = idOf(slowLink("slow.bin"));
        Capstan.await("bytes", () -> one(id).getInt("downloaded") > 0);
        var running = one(id);
        assertThat(running.getString("state")).isEqualTo("DOWNLOADING");
        assertThat(running.getJsonArray("segments")).isNotEmpty();
        assertThat(running.getJsonArray("ranges")).isNotEmpty();

        var paused = host.post("/downloads/" + id + "/pause");
        assertThat(paused.status()).isEqualTo(202);
        assertThat(paused.json().getString("state")).isEqualTo("PAUSED");
        var twice = host.post("/downloads/" + id + "/pause", "{}");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.json().getString("state")).isEqualTo("PAUSED");
        assertThat(host.post("/downloads/" + id + "/resume").status()).isEqualTo(202);
        assertThat(host.post("/downloads/" + id + "/cancel").json().getString("state"))
                .isEqualTo("CANCELLED");
        assertThat(host.post("/downloads/" + id + "/retry").json().getString("state"))
                .isEqualTo("QUEUED");
        assertThat(host.delete("/downloads/" + id).status()).isEqualTo(200);
        assertThat(host.get("/downloads/" + id).status()).isEqualTo(404);
        assertThat(host.post("/downloads/" + id + "/pause").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("Settings of a download change while it waits; a removal takes its file along")
    void settingsChange() throws Exception {
        var id = added("{\"url\":\"" + link("a.bin") + "\",\"paused\":true}").getString("id");

        var changed =
                host.patch(
                        "/downloads/" + id,
                        "{\"priority\":7,\"position\":-3,\"category\":\"films\","
                                + "\"limitBytesPerSecond\":5000000,\"maxConnections\":2}");

        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        var now = one(id);
        assertThat(now.getInt("priority")).isEqualTo(7);
        assertThat(now.getInt("position")).isEqualTo(-3);
        assertThat(now.getString("category")).isEqualTo("films");
        assertThat(now.getInt("limitBytesPerSecond")).isEqualTo(5_000_000);
        assertThat(now.getInt("maxConnections")).isEqualTo(2);
        host.post("/downloads/" + id + "/resume");
        var file = Path.of(completed(id).getString("path"));
        assertThat(file).exists();
        assertThat(host.delete("/downloads/" + id + "?files=true").status()).isEqualTo(200);
        assertThat(file).doesNotExist();
    }

    @Test
    @DisplayName("A batch is made by its name, joined by its id, moved and removed as a whole")
    void batchesAreMovedAsAWhole() throws Exception {
        var first = added(inBatch("name", "Two of them")).getJsonObject("batch");
        var id = first.getString("id");
        added(inBatch("id", id));
        assertThat(host.post("/downloads", inBatch("id", "01ARZ3NDEKTSV4RRFFQ69G5FAV")).status())
                .isEqualTo(404);

        assertThat(batch(id).getString("state")).isEqualTo("PAUSED");
        assertThat(batch(id).getInt("members")).isEqualTo(2);
        assertThat(host.get("/batches").items("id")).contains(id);
        var resumed = host.post("/batches/" + id + "/resume");
        assertThat(resumed.status()).isEqualTo(202);
        assertThat(resumed.items("state")).hasSize(2).doesNotContain("PAUSED");
        Capstan.await("both", () -> batch(id).getString("state").equals("COMPLETED"));
        assertThat(batch(id).getJsonNumber("progress").doubleValue()).isEqualTo(1);

        var removed = host.delete("/batches/" + id + "?files=true");

        assertThat(removed.items("state")).containsExactly("COMPLETED", "COMPLETED");
        assertThat(host.get("/batches/" + id).status()).isEqualTo(404);
        assertThat(host.delete("/batches/" + id).status()).isEqualTo(404);
    }

    private static String inBatch(String field, String value) {
        return Json.createObjectBuilder()
                .add("url", link("a.bin"))
                .add("paused", true)
                .add("batch", Json.createObjectBuilder().add(field, value))
                .build()
                .toString();
    }

    // ---- lists

    @ParameterizedTest
    @ValueSource(strings = {"added", "name", "size", "state", "priority"})
    @DisplayName("Q10: no row that keeps its place is lost or doubled while others come and go")
    void cursorsAreStable(String sort) throws Exception {
        var stay = addPaused("stay-" + sort, 25);
        var go = addPaused("go-" + sort, 25);
        var seen = new HashMap<String, Integer>();
        String cursor = null;
        do {
            var page =
                    host.get(
                            "/downloads?state=PAUSED&limit=9&q=-"
                                    + sort
                                    + "&order=desc&sort="
                                    + sort
                                    + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.items("id").forEach(id -> seen.merge(id, 1, Integer::sum));
            // One goes and one comes between any two pages.
            if (!go.isEmpty()) {
                host.delete("/downloads/" + go.remove(go.size() / 2));
            }
            addPaused("come-" + sort, 1);
            cursor = page.json().isNull("next") ? null : page.json().getString("next");
        } while (cursor != null && seen.size() < 1000);

        assertThat(seen).containsAllEntriesOf(once(stay));
        var foreign = host.get("/downloads?sort=name&cursor=nonsense");
        assertThat(foreign.status()).isEqualTo(400);
    }

    private static HashMap<String, Integer> once(List<String> ids) {
        var once = new HashMap<String, Integer>();
        ids.forEach(id -> once.put(id, 1));
        return once;
    }

    private static List<String> addPaused(String name, int count) throws Exception {
        var links = IntStream.range(0, count).mapToObj(i -> link(name + "-" + i + ".bin")).toList();
        var body =
                Json.createObjectBuilder()
                        .add("urls", Json.createArrayBuilder(links))
                        .add("paused", true)
                        .build();
        var ids = new ArrayList<String>();
        for (var item :
                host.post("/downloads", body.toString())
                        .json()
                        .getJsonArray("items")
                        .getValuesAs(JsonObject.class)) {
            ids.add(item.getJsonObject("download").getString("id"));
        }
        return ids;
    }

    @Test
    @DisplayName("A list is narrowed by state, category, host and text")
    void aListIsNarrowed() throws Exception {
        var body =
                Json.createObjectBuilder()
                        .add("url", link("needle-in-hay.bin"))
                        .add("category", "narrow")
                        .add("paused", true)
                        .build();
        var id = added(body.toString()).getString("id");

        assertThat(host.get("/downloads?q=NEEDLE-in").items("id")).containsExactly(id);
        assertThat(host.get("/downloads?category=narrow&state=PAUSED&state=QUEUED").items("id"))
                .containsExactly(id);
        assertThat(host.get("/downloads?category=narrow&state=FAILED").items("id")).isEmpty();
        assertThat(host.get("/downloads?category=narrow&host=direct").items("id")).hasSize(1);
        assertThat(host.get("/downloads?category=narrow&host=fshare").items("id")).isEmpty();
        var counts = host.get("/downloads?limit=1").json().getJsonObject("counts");
        assertThat(counts.getInt("PAUSED")).isPositive();
    }

    // ---- previews

    @Test
    @DisplayName("R7: a preview tells names and sizes, what is here already, and adds nothing")
    void aPreviewAddsNothing() throws Exception {
        var here = link("here.bin");
        var id = idOf(here);
        completed(id);
        var list = "/lists/" + NUMBER.incrementAndGet() + ".meta4";
        origin.serve(list, exchange -> exchange.answer(200, metalink(1_200)));
        origin.serve("/gone", exchange -> exchange.answer(404, ""));
        var before = host.get("/downloads?limit=1").json().getInt("total");
        var links =
                List.of(
                        here,
                        link("new.bin"),
                        origin.uri(list).toString(),
                        origin.uri("/gone").toString(),
                        "gopher://x/");

        var answer =
                host.post(
                        "/links/preview",
                        Json.createObjectBuilder()
                                .add("urls", Json.createArrayBuilder(links))
                                .build()
                                .toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        var items = answer.json().getJsonArray("items").getValuesAs(JsonObject.class);
        assertThat(items.get(0).getString("existing")).isEqualTo(id);
        assertThat(items.get(1).getString("name")).isEqualTo("new.bin");
        assertThat(items.get(1).getInt("size")).isEqualTo(SIZE);
        assertThat(items.get(1)).doesNotContainKey("existing");
        assertThat(items.get(2).getInt("total")).isEqualTo(1_200);
        var files = items.get(2).getJsonArray("files");
        assertThat(files).hasSize(1_000);
        assertThat(files.getJsonObject(9).getString("name")).isEqualTo("9.bin");
        assertThat(files.getJsonObject(9).getString("folder")).isEqualTo("disc");
        assertThat(files.getJsonObject(9).getInt("size")).isEqualTo(SIZE);
        assertThat(items.get(3).getJsonObject("error").getString("code")).isEqualTo("NOT_FOUND");
        assertThat(items.get(4).getJsonObject("error").getString("code")).isEqualTo("UNSUPPORTED");
        assertThat(host.get("/downloads?limit=1").json().getInt("total")).isEqualTo(before);
    }

    // ---- numbers and content

    @Test
    @DisplayName("P7: content is told, and a damaged item is found when all is hashed again")
    void damageIsFound() throws Exception {
        var bytes = Body.random(50_000, 99);
        var path = "/damage/" + NUMBER.incrementAndGet();
        origin.serve(path, Resource.of(bytes));
        completed(idOf(origin.uri(path).toString()));
        var digest = bytes.sha256();

        var item = host.get("/content/" + digest);
        assertThat(item.json().getInt("size")).isEqualTo(50_000);
        assertThat(host.get("/content/" + "0".repeat(64)).status()).isEqualTo(404);
        assertThat(host.get("/content/verify-this").status()).isEqualTo(400);
        damage(digest);
        var started = host.post("/content/verify", "{\"sha256\":\"" + digest + "\"}");
        assertThat(started.status()).as(started.text()).isEqualTo(202);
        Capstan.await("the verification", () -> verification().getString("state").equals("DONE"));

        assertThat(verification().getInt("damaged")).isEqualTo(1);
        assertThat(verification().getJsonArray("damagedItems")).hasToString("[\"" + digest + "\"]");
        assertThat(host.get("/content/" + digest).status()).isEqualTo(404);
    }

    private static JsonObject verification() {
        try {
            return host.get("/content/verify").json();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void damage(String digest) throws IOException {
        try (var files = Files.walk(host.capstan.data().resolve("content"))) {
            var file =
                    files.filter(each -> each.getFileName().toString().startsWith(digest))
                            .findFirst()
                            .orElseThrow();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            var bytes = Files.readAllBytes(file);
            bytes[1234] ^= 1;
            Files.write(file, bytes);
        }
    }

    @Test
    @DisplayName("The numbers of the host fit what it did")
    void numbersFit() throws Exception {
        completed(idOf(link("count.bin")));

        var stats = host.get("/stats").json();

        assertThat(stats.getInt("completed")).isPositive();
        assertThat(stats.getInt("completedTotal")).isPositive();
        assertThat(stats.getInt("bytesTotal")).isGreaterThanOrEqualTo(SIZE);
        assertThat(stats.getInt("bytesToday")).isGreaterThanOrEqualTo(SIZE);
        assertThat(stats.getInt("storeBytes")).isGreaterThanOrEqualTo(SIZE);
        assertThat(stats.getJsonNumber("freeBytes").longValue()).isPositive();
        assertThat(stats.getJsonObject("hosts")).containsKey("direct");
        assertThat(stats.getString("data")).isEqualTo(host.capstan.data().toString());
        assertThat(stats.getJsonObject("counts").getInt("COMPLETED"))
                .isEqualTo(stats.getInt("completed"));
    }

    // ---- names

    @Test
    @DisplayName("S3: whatever is asked for, a file lies inside the downloads folder or nowhere")
    void namesStayInside() throws Exception {
        var inside = host.capstan.data().resolve("downloads").toRealPath();
        var ids = new ArrayList<String>();
        for (var name : HostileNames.ALL) {
            // Files and folders apart, so that a file is in no folder's way.
            taken(request(link("n.bin"), "filename", name, "category", "files"), name)
                    .ifPresent(ids::add);
            taken(request(link("n.bin"), "category", name), name).ifPresent(ids::add);
            var batch =
                    Json.createObjectBuilder()
                            .add("url", link("n.bin"))
                            .add("paused", true)
                            .add("batch", Json.createObjectBuilder().add("name", name));
            taken(batch.build().toString(), name);
        }

        assertThat(ids.size()).isGreaterThan(HostileNames.ALL.size());
        for (var id : ids) {
            var done = completed(id);
            var path = Path.of(done.getString("path"));
            assertThat(path.toRealPath()).startsWith(inside);
            assertThat(path.toRealPath()).isEqualTo(path.normalize());
            assertThat(path.getFileName().toString())
                    .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\\\/:*?\"<>|]")
                    .doesNotEndWith(".")
                    .doesNotEndWith(" ");
            assertThat(path).hasBinaryContent(SMALL.bytes());
        }
        try (var outside = Files.walk(root)) {
            assertThat(outside.filter(Files::isRegularFile))
                    .filteredOn(file -> !file.startsWith(host.capstan.data()))
                    .allMatch(file -> file.getFileName().toString().matches("(out|err)-\\d+"));
        }
    }

    /** The id of what was taken; a refusal has to be a clear one. */
    private static Optional<String> taken(String request, String what) throws Exception {
        var answer = host.post("/downloads", request);
        if (answer.status() == 201) {
            return Optional.of(answer.json().getString("id"));
        }
        assertThat(answer.status()).as(what + " " + answer.text()).isEqualTo(400);
        assertThat(answer.json().getString("detail")).as(what).isNotBlank();
        return Optional.empty();
    }
}
