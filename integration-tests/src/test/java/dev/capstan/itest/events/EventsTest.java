package dev.capstan.itest.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.events.Client.Heard;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the event face are told, and who is let in (S5, S6). */
@Timeout(120)
class EventsTest {
    private static final int SIZE = 300_000;
    private static final String PAD = "x".repeat(500);

    @TempDir static Path root;
    private static Face host;
    private final Origin origin = Origin.plain();

    @BeforeAll
    static void start() throws Exception {
        host = new Face(root, "--allow-private-networks");
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
    }

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    private String link(String path, Resource resource) {
        origin.serve(path, resource);
        return origin.uri(path).toString();
    }

    private static Resource quick() {
        return Resource.of(Body.random(1000, 3));
    }

    private static Stream<JsonObject> told(List<Heard> heard, String link) {
        return heard.stream()
                .filter(message -> message.type().matches("download\\.(added|state|removed)"))
                .flatMap(message -> message.downloads().stream())
                .filter(each -> each.getString("url").equals(link));
    }

    /** Each state once, however often it was told in it. */
    private static List<String> states(List<Heard> heard, String link) {
        var states = new ArrayList<String>();
        told(heard, link)
                .map(each -> each.getString("state"))
                .filter(state -> states.isEmpty() || !states.get(states.size() - 1).equals(state))
                .forEach(states::add);
        return states;
    }

    // ---- the door

    @Test
    void whoMayNotListenIsRefusedBeforeTheUpgrade() throws Exception {
        var token = "Sec-WebSocket-Protocol: capstan.v1, capstan.token.";
        assertThat(host.knock()).contains(" 401 ");
        assertThat(host.knock(token + "wrong")).contains(" 401 ");
        assertThat(host.knock("Authorization: Basic eDp5")).contains(" 401 ");
        for (var origin :
                List.of("https://evil.example", "null", "http://127.0.0.1:1", "file://")) {
            assertThat(host.knock(host.bearer(), "Origin: " + origin)).contains(" 403 ");
            assertThat(host.knock(token + host.token, "Origin: " + origin)).contains(" 403 ");
        }
        assertThat(host.knock(host.bearer(), "Sec-Fetch-Site: cross-site")).contains(" 403 ");
        assertThat(host.knock(host.bearer(), "Host: evil.example")).contains(" 421 ");
        assertThat(host.knock("Sec-WebSocket-Protocol: capstan.token." + host.token))
                .as("a protocol that nobody speaks")
                .contains(" 400 ");
    }

    @Test
    void whoMayListenIsLetInAndNothingIsCompressed() throws Exception {
        var bearer =
                host.knock(
                        host.bearer(),
                        "Origin: http://127.0.0.1:" + host.port,
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
        assertThat(bearer)
                .startsWith("HTTP/1.1 101 ")
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                .doesNotContain("Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions");

        var protocol =
                host.knock("Sec-WebSocket-Protocol: capstan.v1, capstan.token." + host.token);
        assertThat(protocol)
                .startsWith("HTTP/1.1 101 ")
                .contains("Sec-WebSocket-Protocol: capstan.v1\r\n")
                .doesNotContain(host.token);
    }

    @Test
    void whatIsNoSubscriptionEndsTheConversation() throws Exception {
        var pad = "x".repeat(64 << 10);
        assertThat(host.listen("{\"type\":\"subscribe\",\"downloads\":[\"" + pad + "\"]}").closed())
                .isEqualTo(1009);
        assertThat(host.listen("{\"type\":\"pause\",\"id\":\"x\"}").closed()).isEqualTo(1008);
        assertThat(host.listen("no JSON").closed()).isEqualTo(1008);
        var binary = host.listen();
        binary.sayBinary();
        assertThat(binary.closed()).isEqualTo(1003);
    }

    // ---- the stream

    @Test
    void aDownloadIsToldFromItsBeginningToItsEnd() throws Exception {
        var link = link("/told.bin", Resource.of(Body.random(SIZE, 5)).pace(150_000));
        try (var client = host.listen();
                var other = host.listen()) {
            host.control.add(link);

            var heard = client.untilState(link, "COMPLETED");

            assertThat(states(heard, link))
                    .containsExactly("QUEUED", "STARTING", "DOWNLOADING", "COMPLETED");
            assertThat(heard).extracting(Heard::rev).doesNotHaveDuplicates().isSorted();
            var counted =
                    heard.stream()
                            .filter(each -> each.type().equals("download.state"))
                            .reduce((before, after) -> after)
                            .orElseThrow();
            assertThat(counted.json().getJsonObject("counts").getInt("COMPLETED")).isPositive();

            var progress =
                    heard.stream().filter(each -> each.type().equals("download.progress")).toList();
            assertThat(progress).isNotEmpty();
            assertThat(progress)
                    .allSatisfy(
                            each -> {
                                var first = each.downloads().get(0);
                                assertThat(first.getInt("downloaded")).isLessThanOrEqualTo(SIZE);
                                assertThat(first).doesNotContainKey("url");
                            });
            for (var i = 4; i < progress.size(); i++) {
                var five = Duration.between(progress.get(i - 4).at(), progress.get(i).at());
                assertThat(five).as("five times").isGreaterThan(Duration.ofMillis(500));
            }
            assertThat(heard).extracting(Heard::type).contains("stats");

            var elsewhere = other.untilState(link, "COMPLETED");
            assertThat(told(elsewhere, link).toList())
                    .as("all clients are told the same")
                    .isEqualTo(told(heard, link).toList());
            assertThat(client.protocol()).isEqualTo("capstan.v1");
        }
    }

    @Test
    void whatRunsIsInTheSnapshotAndItsEndInTheStream() throws Exception {
        var link = link("/runs.bin", Resource.of(Body.random(SIZE, 6)).pace(100_000));
        var id = host.control.add(link);
        Capstan.await("a transfer", () -> state(id).equals("DOWNLOADING"));

        try (var client = host.listen("{\"type\":\"subscribe\",\"downloads\":[\"" + id + "\"]}")) {
            var snapshot = client.next();
            assertThat(snapshot.type()).isEqualTo("snapshot");
            assertThat(snapshot.downloads()).hasSize(1);
            assertThat(snapshot.downloads().get(0).getString("state")).isEqualTo("DOWNLOADING");
            assertThat(snapshot.json().getJsonObject("stats")).containsKey("speed");

            host.control.add(link("/not-wanted.bin", quick()));
            host.control.done("cancel", id);

            var heard = client.untilState(link, "CANCELLED");
            assertThat(heard)
                    .filteredOn(message -> message.type().startsWith("download."))
                    .flatExtracting(Heard::downloads)
                    .extracting(each -> each.getString("id"))
                    .containsOnly(id);
        }
    }

    @Test
    void whoSaysNothingGetsTheSnapshotAllTheSame() throws Exception {
        try (var silent = host.upgrade(host.bearer())) {
            assertThat(Face.head(silent)).contains(" 101 ");
            var first = silent.getInputStream().readNBytes(20);
            assertThat(new String(first, 2, 18)).contains("\"type\"");
        }
    }

    @Test
    void whoComesBackMissesNothing() throws Exception {
        var first = link("/first.bin", quick());
        var second = link("/second.bin", quick());
        long seen;
        String firstId;
        try (var client = host.listen();
                var witness = host.listen()) {
            firstId = host.control.add(first);
            seen = last(client.untilState(first, "STARTING")).rev();
            client.close();
            witness.untilState(first, "COMPLETED");
            host.control.add(second);
            witness.untilState(second, "COMPLETED");
            host.control.done("rm", firstId);
            witness.await("download.removed");
        }

        try (var again =
                host.listen(
                        "{\"type\":\"subscribe\",\"downloads\":\"all\",\"since\":" + seen + "}")) {
            var heard = again.until(message -> message.type().equals("download.removed"));

            assertThat(heard).extracting(Heard::type).doesNotContain("snapshot", "resync");
            assertThat(states(heard, first)).startsWith("DOWNLOADING").contains("COMPLETED");
            assertThat(states(heard, second))
                    .containsExactly("QUEUED", "STARTING", "DOWNLOADING", "COMPLETED");
            assertThat(heard.get(0).rev()).isGreaterThan(seen);
            assertThat(heard).extracting(Heard::rev).doesNotHaveDuplicates().isSorted();
        }
        try (var stranger = host.listen("{\"type\":\"subscribe\",\"since\":12}")) {
            assertThat(stranger.next().type()).isEqualTo("resync");
        }
    }

    @Test
    void manyAtOnceAreOneMessageHoweverLong() throws Exception {
        try (var client = host.listen()) {
            host.addPaused(
                    IntStream.range(0, 300)
                            .mapToObj(i -> "\"https://192.0.2.7/%d?%s\"".formatted(i, PAD))
                            .collect(Collectors.joining(",")));
            var added = client.await("download.added");

            assertThat(added.downloads()).hasSize(300);
            assertThat(added.text().length()).isGreaterThan(300 * PAD.length());
            assertThat(added.json().getJsonObject("counts").getInt("PAUSED")).isEqualTo(300);
        }
    }

    private static Heard last(List<Heard> heard) {
        return heard.get(heard.size() - 1);
    }

    private static String state(String id) {
        try {
            return host.control.show(id).state();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
