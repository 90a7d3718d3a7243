package dev.capstan.itest.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A room of two hosts as one of them sees it in a browser. */
@Timeout(180)
class RoomsPageTest {
    private static final List<String> PIECES = List.of("castle", "harbour", "late");
    private static final int SIZE = 300_000;

    private static final String ROOM =
            "$$('.room').find((each) => each.querySelector('h2').textContent == 'evening')";

    @TempDir static Path root;
    private static final Origin origin = Origin.plain();
    private static WebHost ann;
    private static WebHost bob;
    private static Browser browser;
    private static Tab tab;

    @BeforeAll
    static void start() throws Exception {
        Browser.needed();
        var starting =
                Stream.of("ann", "bob").map(user -> WebHost.starting(root.resolve(user))).toList();
        browser = new Browser(root);
        ann = starting.get(0).join();
        bob = starting.get(1).join();
        tab = browser.open(ann.page());
    }

    @AfterAll
    static void end() throws Exception {
        origin.close();
        if (browser != null) {
            browser.close();
        }
        for (var host : Arrays.asList(ann, bob)) {
            if (host != null) {
                host.close();
            }
        }
    }

    @AfterEach
    void nothingWentWrongInside() {
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    @DisplayName("R8, R10, R11, R12: joined with a dropped file, seen filling, tried again, ended")
    void aRoomIsSeenFromItsBeginningToItsEnd() throws Exception {
        var seen = new CountDownLatch(1);
        origin.serve("/castle", exchange -> sendInHalves(exchange, body("castle"), seen));
        origin.serve("/harbour", Resource.of(body("harbour")));
        var file = signed("evening", List.of(ann, bob), PIECES);

        tab.evaluate(
                """
                document.querySelector('capstan-app').dispatchEvent(new DragEvent('drop', {dataTransfer:
                    ((data) => (data.items.add(new File([%s], 'room.json')), data))(new DataTransfer())}))
                """
                        .formatted(Json.createValue(file)));
        tab.await(
                "what it is",
                "text('dialog').includes('evening') && text('dialog').includes('2 members')");
        tab.evaluate("field('You are').focus()");
        tab.type("a");
        tab.click("$('dialog .primary')");
        Capstan.await(
                "the room", () -> List.of("CONNECTING", "OPEN").contains(state(ann, "evening")));
        assertThat(ann.ask("rooms/evening").getString("user")).isEqualTo("ann");
        tab.await(
                "a piece on its way",
                "cell('ann', 'castle').dataset.status == 'IN_PROGRESS' && parseInt(cell('ann', 'castle').textContent) > 0");
        tab.picture("room-filling");
        seen.countDown();
        bob.post("rooms/join", "{\"user\":\"bob\",\"room\":" + file + "}");

        tab.await(
                "the own row on top", ROOM + ".querySelector('tbody .name').textContent == 'ann'");
        tab.await(
                "the other is there",
                ROOM + ".querySelectorAll('tbody .dot[data-tone=done]').length == 2");
        tab.await("one that is here", "cell('bob', 'harbour').dataset.status == 'FINISHED'");
        tab.await("one that failed", "cell('ann', 'late').dataset.status == 'ERROR'");
        tab.await(
                "why it failed", ROOM + ".querySelector('.wrong')?.textContent.match(/late.*404/)");
        assertThat(browser.problems()).isEmpty();
        assertThat(Axe.judge(tab, "room")).isEmpty();
        for (var scheme : List.of("dark", "light")) {
            tab.prefers(Map.of("prefers-color-scheme", scheme));
            tab.picture("room-" + scheme);
        }
        browser.problems(); // axe tries a style of its own

        origin.serve("/late", Resource.of(body("late")));
        tab.press("Try late again");
        Capstan.await(
                "it is here", () -> piece(ann, "late").getString("status").equals("FINISHED"));
        Capstan.await("bob's failed", () -> piece(bob, "late").getString("status").equals("ERROR"));
        assertThat(state(ann, "evening")).as("it waits for bob").isEqualTo("OPEN");
        bob.post("rooms/evening/pieces/late/retry", "");

        Capstan.await("the end", () -> state(ann, "evening").equals("FINISHED"));
        tab.await(
                "that it ended",
                ROOM + ".querySelector('.state').textContent.includes('Everybody has everything')");
        var result = ann.ask("rooms/evening").getJsonObject("result");
        assertThat(result.keySet()).containsExactlyInAnyOrderElementsOf(PIECES);
        for (var piece : PIECES) {
            tab.await(
                    piece,
                    ROOM
                            + ".querySelector('.result').textContent.includes('"
                            + result.getString(piece)
                            + "')");
        }
        tab.size(390, 800);
        tab.picture("room-finished-narrow");
        tab.size(1280, 800);
    }

    @Test
    void aRoomIsJoinedWithAChosenFileAndLeft() throws Exception {
        var file =
                Files.writeString(
                        root.resolve("alone.json"),
                        signed("alone", List.of(ann), List.of("nowhere")));
        tab.go("rooms");
        tab.press("Join");
        tab.choose("$('dialog input[type=file]')", file);
        tab.await("what it is", "text('dialog').includes('alone')");
        tab.click("$('dialog .primary:not(:disabled)')");
        Capstan.await("the room", () -> state(ann, "alone").equals("OPEN"));
        tab.press("Leave alone");
        tab.click("$('dialog .danger')");
        Capstan.await("it is left", () -> state(ann, "alone").equals("CLOSED"));
        tab.await(
                "that one left",
                "$$('.room').some((room) => room.textContent.includes('alone') && room.textContent.includes('You left'))");
    }

    /** Sends the second half of a body when it may. */
    private static void sendInHalves(Exchange exchange, Body body, CountDownLatch second)
            throws IOException {
        exchange.head(200, "Content-Length: " + body.length());
        exchange.send(body, 0, body.length() / 2);
        try {
            second.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.send(body, body.length() / 2, body.length());
    }

    private static String name(WebHost host) {
        return host == ann ? "ann" : "bob";
    }

    /** A room file that is signed by all. */
    private static String signed(String id, List<WebHost> hosts, List<String> pieces)
            throws Exception {
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
        var users = Json.createObjectBuilder();
        for (var host : hosts) {
            var key = host.control.done("room", "identity", name(host)).strip();
            users.add(name(host), Json.createObjectBuilder().add("publicSignatureKey", key));
        }
        var base = Json.createObjectBuilder().add("selection", "mandatory").add("pieces", list);
        var lock =
                Json.createObjectBuilder()
                        .add("version", 1)
                        .add(
                                "engine",
                                Json.createObjectBuilder().add("name", "Arena").add("version", "2"))
                        .add("pieceCollections", Json.createObjectBuilder().add("base", base));
        var made =
                ann.post(
                        "rooms",
                        Json.createObjectBuilder()
                                .add("roomId", id)
                                .add("matchLock", lock)
                                .add("users", users)
                                .add("transport", "tcp://ann@127.0.0.1:" + freePort())
                                .build()
                                .toString());
        var file = id + ".json";
        for (var host : hosts) {
            Files.writeString(host.capstan.folder().resolve(file), made);
            host.control.done("room", "sign", file, "--as", name(host));
            made = Files.readString(host.capstan.folder().resolve(file));
        }
        return made;
    }

    private static Body body(String piece) {
        return Body.random(SIZE, piece.hashCode());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String state(WebHost host, String room) {
        return host.ask("rooms/" + room).getString("state", "");
    }

    /** How a host says that its own piece stands. */
    private static JsonObject piece(WebHost host, String piece) {
        var members = host.ask("rooms/evening").getJsonObject("members");
        return members == null
                ? JsonValue.EMPTY_JSON_OBJECT
                : members.getJsonObject(name(host)).getJsonObject("pieces").getJsonObject(piece);
    }
}
