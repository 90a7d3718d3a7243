package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rooms by their faces: two packaged hosts, one told by the shell, the other over REST. */
@Timeout(120)
class RoomsProcessTest {
    private static final List<String> PIECES = List.of("castle", "harbour", "town");

    @TempDir static Path root;
    private static AdminHost ann;
    private static AdminHost bob;
    private static Origin origin;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.plain();
        var other = CompletableFuture.supplyAsync(() -> host("bob"));
        ann = host("ann");
        bob = other.get(90, TimeUnit.SECONDS);
    }

    @AfterAll
    static void end() throws Exception {
        ann.close();
        bob.close();
        origin.close();
    }

    @Test
    @DisplayName("R1, R3, R8, R10, R12: made over REST, signed and joined by both, ended by all")
    void twoHostsBringEachOtherToTheSamePieces() throws Exception {
        for (var piece : PIECES) {
            origin.serve("/" + piece, Resource.of(body(piece)).pace(400_000));
        }
        var transport = "tcp://ann@127.0.0.1:" + freePort();
        var draft =
                draft(
                        "evening",
                        transport,
                        lock(PIECES),
                        "ann",
                        key(ann, "ann"),
                        "bob",
                        key(bob, "bob"));
        var made = ann.post("/rooms", draft);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        for (var host : List.of(ann, bob)) {
            Files.writeString(file(host, "room.json"), made.text());
        }

        var unsigned = bob.post("/rooms/join", join(made.text()));
        assertThat(unsigned.status()).as(unsigned.text()).isEqualTo(422);
        assertThat(unsigned.json().getString("code")).isEqualTo("NOT_SIGNED");

        ann.control.done("room", "sign", "room.json", "--as", "ann");
        bob.control.done("room", "sign", "room.json", "--as", "bob");
        Files.copy(file(bob, "room.json"), file(ann, "of-bob.json"));
        var signed = ann.control.done("room", "collect", "room.json", "of-bob.json");

        // Bob is early: nobody listens yet.
        var events = bob.listen();
        var joined = bob.post("/rooms/join", join(signed));
        assertThat(joined.status()).as(joined.text()).isEqualTo(202);
        assertThat(joined.json().getString("state")).isEqualTo("CONNECTING");
        assertThat(joined.header("Location")).isEqualTo("/api/v1/rooms/evening");
        Files.writeString(file(ann, "room.json"), signed);
        var told =
                CompletableFuture.supplyAsync(
                        () -> call(ann, "room", "join", "room.json", "--as", "ann", "-d", "out"));
        Capstan.await(
                "both in the room, and something on its way",
                () -> room(ann).contains("IN_PROGRESS") && isHere(ann, "bob"));
        assertThat(ann.control.done("room", "show", "even")).contains("bob   yes", "castle");
        assertThat(ann.control.done("rooms")).contains("evening", "open", "2/2");
        assertThat(bob.post("/rooms/evening/pieces/nothing/retry").status()).isEqualTo(404);

        var answer = told.get(60, TimeUnit.SECONDS);
        assertThat(answer.exit()).as(answer.err()).isZero();
        assertThat(answer.err()).contains("bob is here", "ann has everything");
        var folders = new TreeMap<String, Path>();
        answer.out()
                .lines()
                .map(line -> line.split("  ", 2))
                .forEach(line -> folders.put(line[0], Path.of(line[1])));
        assertThat(folders.keySet()).containsExactlyElementsOf(PIECES);
        check(folders, ann.capstan.folder().resolve("out"));

        Capstan.await("the end", () -> room(bob).contains("FINISHED\",\"joined"));
        var room = bob.get("/rooms/evening").json();
        folders.clear();
        room.getJsonObject("result")
                .forEach(
                        (piece, folder) ->
                                folders.put(
                                        piece,
                                        Path.of(room.getJsonObject("result").getString(piece))));
        assertThat(folders.keySet()).containsExactlyElementsOf(PIECES);
        check(folders, bob.capstan.data().resolve("downloads/friends/pieces"));
        assertThat(bob.get("/rooms").json().getJsonArray("items")).containsExactly(room);
        assertThat(bob.post("/rooms/evening/pieces/town/retry").status()).isEqualTo(409);

        Capstan.await("all events", () -> events("room.finished") > 0);
        events.abort();
        assertThat(events("room.member")).isPositive();
        assertThat(events("room.piece")).isPositive();
        assertThat(bob.delete("/rooms/evening").status()).isEqualTo(204);
        assertThat(bob.delete("/rooms/nowhere").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("R2, R3: what is wrong with a document is named by its JSON pointer")
    void whatIsWrongIsNamed() throws Exception {
        var key = key(ann, "ann");
        var lock = lock(List.of("one", "one")).build();
        var twice =
                ann.post(
                        "/rooms",
                        draft(
                                "x",
                                "tcp://ann@127.0.0.1:7",
                                Json.createObjectBuilder(lock),
                                "ann",
                                key));
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.json().getString("detail")).contains("/pieceCollections/base/pieces/1/id");
        var noKey =
                ann.post(
                        "/rooms",
                        draft(
                                "x",
                                "tcp://ann@127.0.0.1:7",
                                lock(List.of("one")),
                                "ann",
                                "ed25519:AAAA"));
        assertThat(noKey.status()).isEqualTo(400);
        assertThat(noKey.json().getString("detail"))
                .contains("/config/users/ann/publicSignatureKey");
        assertThat(
                        ann.post("/rooms", draft("x", "nothing", lock(List.of("one")), "ann", key))
                                .status())
                .isEqualTo(400);
        assertThat(
                        ann.post(
                                        "/rooms/join",
                                        "{\"room\":{},\"user\":\"ann\",\"directory\":\"../x\"}")
                                .status())
                .isEqualTo(400);
        assertThat(ann.get("/rooms/nowhere").status()).isEqualTo(404);

        Files.writeString(file(ann, "wrong.json"), lock.toString());
        var shell = ann.control.call("room", "pieces", "--all", "wrong.json");
        assertThat(shell.exit()).isEqualTo(28);
        assertThat(shell.err()).contains("/pieceCollections/base/pieces/1/id");
    }

    @Test
    @DisplayName("R11: a piece that failed is tried again over REST; Ctrl-C at the shell leaves")
    void aFailedPieceIsTriedAgainAndCtrlCLeaves() throws Exception {
        origin.serve("/prompt", Resource.of(body("prompt")));
        var pieces = List.of("late", "prompt");
        var draft =
                draft(
                        "alone",
                        "tcp://ann@127.0.0.1:" + freePort(),
                        lock(pieces),
                        "ann",
                        key(ann, "ann"));
        Files.writeString(file(ann, "alone.json"), ann.post("/rooms", draft).text());
        ann.control.done("room", "sign", "alone.json", "--as", "ann");
        try (var join = ann.capstan.start("room", "join", "alone.json", "--as", "ann")) {
            Capstan.await("a failure that is told", () -> join.err().contains("late: "));
            Capstan.await("the other", () -> state("alone", "prompt").equals("FINISHED"));
            var again = ann.post("/rooms/alone/pieces/late/retry");
            assertThat(again.status()).as(again.text()).isEqualTo(202);
            Capstan.await(
                    "another failure",
                    () ->
                            origin.log().stream()
                                            .filter(each -> each.toString().contains("/late"))
                                            .count()
                                    > 1);

            var left = join.interrupt();

            assertThat(left.exit()).as(left.err()).isEqualTo(7);
            assertThat(left.out()).isEmpty();
            assertThat(room(ann, "alone").getString("state")).isEqualTo("CLOSED");
        }

        // What is here is not fetched again, and without a room nobody is waited for.
        origin.serve("/late", Resource.of(body("late")));
        Files.writeString(file(ann, "lock.json"), lock(pieces).build().toString());
        var bytes = origin.bodyBytes();
        var folders = new TreeMap<String, Path>();
        ann.control
                .done("room", "pieces", "--mandatory", "lock.json", "-d", "all")
                .lines()
                .map(line -> line.split("  ", 2))
                .forEach(line -> folders.put(line[0], Path.of(line[1])));
        assertThat(folders.keySet()).containsExactlyElementsOf(pieces);
        check(folders, ann.capstan.folder().resolve("all"));
        assertThat(origin.bodyBytes() - bytes).isEqualTo(body("late").length());
    }

    private static AdminHost host(String user) {
        try {
            return new AdminHost(root.resolve(user), "--allow-private-networks");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Path file(AdminHost host, String name) {
        return host.capstan.folder().resolve(name);
    }

    private static String key(AdminHost host, String user) throws IOException {
        return host.control.done("room", "identity", user).strip();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Body body(String piece) {
        return Body.random(200_000, piece.hashCode());
    }

    private static JsonObjectBuilder lock(List<String> pieces) {
        var list = Json.createArrayBuilder();
        for (var piece : pieces) {
            list.add(
                    Json.createObjectBuilder()
                            .add("id", piece)
                            .add("archive", "none")
                            .add("sha256", body(piece).sha256())
                            .add(
                                    "resolvables",
                                    Json.createArrayBuilder()
                                            .add(origin.uri("/" + piece).toString())));
        }
        return Json.createObjectBuilder()
                .add("version", 1)
                .add("engine", Json.createObjectBuilder().add("name", "Arena").add("version", "2"))
                .add(
                        "pieceCollections",
                        Json.createObjectBuilder()
                                .add(
                                        "base",
                                        Json.createObjectBuilder()
                                                .add("selection", "mandatory")
                                                .add("pieces", list)));
    }

    private static String draft(
            String id, String transport, JsonObjectBuilder lock, String... users) {
        var named = Json.createObjectBuilder();
        for (var i = 0; i < users.length; i += 2) {
            named.add(users[i], Json.createObjectBuilder().add("publicSignatureKey", users[i + 1]));
        }
        return Json.createObjectBuilder()
                .add("roomId", id)
                .add("matchLock", lock)
                .add("users", named)
                .add("transport", transport)
                .build()
                .toString();
    }

    private static String join(String room) {
        return "{\"room\":" + room + ",\"user\":\"bob\",\"directory\":\"friends/pieces\"}";
    }

    private static Control.Answer call(AdminHost host, String... words) {
        try {
            return host.control.call(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(TreeMap<String, Path> folders, Path parent) throws IOException {
        for (var folder : folders.entrySet()) {
            assertThat(folder.getValue()).startsWith(parent);
            try (var files = Files.walk(folder.getValue())) {
                assertThat(files.filter(Files::isRegularFile))
                        .singleElement()
                        .satisfies(
                                file ->
                                        assertThat(file)
                                                .hasBinaryContent(body(folder.getKey()).bytes()));
            }
        }
    }

    private static JsonObject room(AdminHost host, String id) {
        try {
            return host.get("/rooms/" + id).json();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String room(AdminHost host) {
        return room(host, "evening").toString();
    }

    private static boolean isHere(AdminHost host, String user) {
        return room(host, "evening")
                .getJsonObject("members")
                .getJsonObject(user)
                .getBoolean("connected");
    }

    private static String state(String id, String piece) {
        var members = room(ann, id).getJsonObject("members");
        return members == null
                ? ""
                : members.getJsonObject("ann")
                        .getJsonObject("pieces")
                        .getJsonObject(piece)
                        .getString("status");
    }

    /** Messages of a type that Bob was told, each with the room as REST has it. */
    private static long events(String type) {
        return bob.answered()
                .lines()
                .filter(line -> line.startsWith("{\"type\":\"" + type + "\""))
                .map(
                        line -> {
                            try (var reader = Json.createReader(new StringReader(line))) {
                                return reader.readObject().getJsonObject("room");
                            }
                        })
                .filter(room -> room.getString("roomId").equals("evening"))
                .filter(room -> room.getJsonObject("members").containsKey("ann"))
                .count();
    }
}
