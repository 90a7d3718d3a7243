package dev.capstan.admin.rest.events;

import static dev.capstan.download.DownloadState.COMPLETED;
import static dev.capstan.download.DownloadState.DOWNLOADING;
import static dev.capstan.download.DownloadState.QUEUED;
import static dev.capstan.download.DownloadState.STARTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Batch;
import dev.capstan.event.Topics;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Progress;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Stage stage = new Stage();

    private static long rev(JsonObject message) {
        return message.getJsonNumber("rev").longValueExact();
    }

    private static List<String> ids(JsonObject message) {
        return message.getJsonArray("downloads").stream()
                .map(each -> each.asJsonObject().getString("id"))
                .toList();
    }

    private static Batch batch(String id, long downloaded) {
        return new Batch(id, id, Instant.EPOCH, Map.of(DOWNLOADING, 1L), 100, downloaded);
    }

    @Test
    void theSnapshotAndTheStreamFitWithoutLossOrRepetition() {
        stage.move("a", STARTING);
        stage.move("b", QUEUED);
        stage.move("a", DOWNLOADING);
        stage.grow("a", 77);

        var listener = stage.come("{\"type\":\"subscribe\",\"downloads\":\"all\"}");
        stage.move("a", COMPLETED);
        stage.move("b", STARTING);

        var heard = listener.drain();
        var snapshot = heard.get(0);
        assertThat(snapshot.getString("type")).isEqualTo("snapshot");
        assertThat(ids(snapshot)).containsExactly("a");
        var a = snapshot.getJsonArray("downloads").getJsonObject(0);
        assertThat(a.getString("state")).isEqualTo("DOWNLOADING");
        assertThat(a.getInt("downloaded")).isEqualTo(77);
        assertThat(heard.subList(1, heard.size()))
                .extracting(BroadcastTest::ids)
                .containsExactly(List.of("a"), List.of("b"));
        assertThat(heard).extracting(BroadcastTest::rev).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aClientThatSaysNothingGetsEverythingAfterAWhile() {
        var listener = stage.come();
        stage.move("a", STARTING);
        assertThat(listener.heard).isEmpty();

        stage.pass(SECOND);
        stage.move("a", DOWNLOADING);

        assertThat(listener.drainTypes()).containsExactly("snapshot", "download.state");
    }

    @Test
    void whoComesBackGetsWhatWasMissedAndTheNewestNumbers() {
        var before = stage.listener();
        stage.move("a", STARTING);
        var seen = rev(before.drain().get(0));
        stage.broadcast.leave(before);
        stage.move("a", DOWNLOADING);
        stage.grow("a", 10);
        stage.pass(SECOND);
        stage.grow("a", 20);
        stage.move("b", STARTING);

        var again =
                stage.come("{\"type\":\"subscribe\",\"downloads\":\"all\",\"since\":" + seen + "}");

        var heard = again.drain();
        assertThat(heard)
                .extracting(message -> message.getString("type"))
                .containsExactly("download.state", "download.state", "stats", "download.progress");
        assertThat(ids(heard.get(0))).containsExactly("a");
        assertThat(ids(heard.get(1))).containsExactly("b");
        var progress = heard.get(3).getJsonArray("downloads").getJsonObject(0);
        assertThat(progress.getString("id")).isEqualTo("a");
        assertThat(progress.getInt("downloaded")).isEqualTo(20);
        assertThat(heard).extracting(BroadcastTest::rev).doesNotHaveDuplicates().isSorted();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Stage.FIRST_REV - 1, Stage.FIRST_REV + 1_000_000, Long.MAX_VALUE})
    void whoComesFromAnotherLifeIsToldToLoadAgain(long since) {
        stage.listener();
        stage.move("a", STARTING);

        var again = stage.come("{\"type\":\"subscribe\",\"since\":" + since + "}");
        stage.move("a", DOWNLOADING);

        assertThat(again.drainTypes()).containsExactly("resync", "stats", "download.state");
    }

    @Test
    void tenThousandRevisionsAreKeptAndNoMore() {
        var first = stage.listener();
        stage.move("a", STARTING);
        var seen = rev(first.drain().get(0));
        for (var i = 0; i < Ring.MOST; i++) {
            stage.move("b", STARTING);
        }
        var within = stage.come("{\"type\":\"subscribe\",\"since\":" + seen + "}");
        stage.move("b", STARTING);
        var beyond = stage.come("{\"type\":\"subscribe\",\"since\":" + seen + "}");

        assertThat(within.drainTypes().stream().filter("download.state"::equals))
                .hasSize(Ring.MOST + 1);
        assertThat(within.endings).isEmpty();
        assertThat(beyond.drainTypes()).startsWith("resync");
    }

    @Test
    void progressIsToldFourTimesASecondAndOnlyTheNewest() {
        var listener = stage.listener();
        stage.move("a", DOWNLOADING);
        stage.move("b", DOWNLOADING);
        listener.drain();

        for (var i = 1; i <= 100; i++) {
            stage.grow("a", i);
            if (i == 1) {
                stage.grow("b", 7);
            }
            stage.pass(Duration.ofMillis(10));
        }
        stage.pass(SECOND);

        var progress =
                listener.drain().stream()
                        .filter(each -> each.getString("type").equals("download.progress"))
                        .toList();
        assertThat(progress).hasSizeBetween(4, 6);
        assertThat(progress.stream().filter(each -> ids(each).contains("b"))).hasSize(1);
        var last = progress.get(progress.size() - 1).getJsonArray("downloads").getJsonObject(0);
        assertThat(last.getInt("downloaded")).isEqualTo(100);
    }

    @Test
    void aSlowClientGetsFewerAndNewerNumbersAndNoneIsMissing() {
        var listener = stage.listener();
        stage.move("a", DOWNLOADING);
        stage.move("b", DOWNLOADING);
        listener.drain();
        listener.stall();
        stage.move("c", QUEUED);
        stage.grow("a", 1);
        stage.pass(SECOND);
        stage.grow("b", 2);
        stage.pass(SECOND);
        stage.grow("a", 3);
        stage.pass(SECOND);
        assertThat(listener.drainTypes()).containsExactly("download.state");

        listener.resume();
        stage.settle();

        var progress = listener.drain();
        assertThat(progress).hasSize(1);
        assertThat(progress.get(0).getJsonArray("downloads").toString())
                .contains("\"downloaded\":3", "\"downloaded\":2")
                .doesNotContain("\"downloaded\":1,");
    }

    @Test
    void progressThatComesAfterTheEndIsNotTold() {
        var listener = stage.listener();
        stage.move("a", DOWNLOADING);
        stage.move("a", COMPLETED);
        stage.grow("a", 99);
        stage.pass(SECOND);

        assertThat(listener.drainTypes()).containsExactly("download.state", "download.state");
    }

    @Test
    void aClientHearsOfTheDownloadsItNamesOnly() {
        stage.move("a", DOWNLOADING);
        stage.move("b", DOWNLOADING);
        var listener = stage.come("{\"type\":\"subscribe\",\"downloads\":[\"b\",\"x\"]}");

        stage.tell(
                Topics.DOWNLOAD_STATE,
                Map.of(
                        Topics.DOWNLOADS,
                        List.of(
                                stage.download("a", COMPLETED, 1),
                                stage.download("x", QUEUED, 1),
                                stage.download("b", COMPLETED, 1),
                                stage.download("c", QUEUED, 1)),
                        Topics.COUNTS,
                        Map.of(QUEUED, 5L)));
        stage.move("a", QUEUED);

        var heard = listener.drain();
        assertThat(heard)
                .extracting(BroadcastTest::ids)
                .containsExactly(List.of("b"), List.of("x", "b"));
        assertThat(heard.get(1).getJsonObject("counts").getInt("QUEUED")).isEqualTo(5);

        stage.say(listener, "{\"type\":\"subscribe\",\"downloads\":\"all\"}");
        stage.move("a", STARTING);
        assertThat(listener.drainTypes()).containsExactly("snapshot", "download.state");
    }

    @Test
    void summariesAreToldOnceASecondWhenSomethingChanged() {
        var listener = stage.listener();
        stage.pass(Duration.ofSeconds(3));
        listener.drain();

        for (var i = 0; i < 20; i++) {
            stage.tell(Topics.STATISTICS_CHANGED, Map.of(Topics.STATISTICS, Stage.statistics(i)));
            stage.change(batch("one", i), batch("two", 5));
            stage.pass(Duration.ofMillis(100));
        }
        stage.pass(SECOND);

        var heard = listener.drain();
        var stats = heard.stream().filter(each -> each.getString("type").equals("stats")).toList();
        var batches =
                heard.stream().filter(each -> each.getString("type").equals("batch")).toList();
        assertThat(stats).hasSizeBetween(2, 4);
        assertThat(batches).hasSizeBetween(2, 4);
        assertThat(stats.get(stats.size() - 1).getJsonObject("stats").getInt("completed"))
                .isEqualTo(19);
        assertThat(batches.get(batches.size() - 1).getJsonArray("batches").toString())
                .contains("\"downloaded\":19");

        stage.pass(Duration.ofSeconds(10));
        assertThat(listener.drainTypes()).isEmpty();
        stage.pass(Duration.ofSeconds(15));
        assertThat(listener.drainTypes())
                .as("a page that hears nothing would think the host is gone")
                .containsExactly("stats");
    }

    @Test
    void aQueueThatComesAnewIsReadAnewByEverybody() {
        stage.broadcast.read(List.of(stage.download("a", DOWNLOADING, 1)), Stage.statistics(1));
        var listener = stage.come("{\"type\":\"subscribe\"}");
        assertThat(ids(listener.drain().get(0))).containsExactly("a");

        stage.broadcast.read(List.of(stage.download("b", DOWNLOADING, 1)), Stage.statistics(1));
        stage.settle();
        assertThat(listener.drainTypes()).startsWith("resync");
        assertThat(ids(stage.come("{\"type\":\"subscribe\"}").drain().get(0))).containsExactly("b");
    }

    @Test
    void anEventFromBeforeTheQueueWasReadIsNotTold() {
        var old = stage.download("a", STARTING, 0);
        stage.broadcast.read(List.of(stage.download("a", DOWNLOADING, 1)), Stage.statistics(1));
        var listener = stage.listener();

        stage.tell(Topics.DOWNLOAD_STATE, Map.of(Topics.DOWNLOADS, List.of(old)));
        assertThat(listener.heard).isEmpty();
        stage.move("a", COMPLETED);
        assertThat(listener.drainTypes()).containsExactly("download.state");
    }

    @Test
    void whatElseHappensIsTold() {
        var listener = stage.listener();
        stage.tell(Topics.HOST_ADDED, Map.of(Topics.HOST, "acme"));
        stage.tell(Topics.CONTENT_EVICTED, Map.of(Topics.DIGEST, "ab", Topics.SIZE, 5L));
        stage.tell(Topics.FEATURE_CHANGED, Map.of());
        stage.tell(Topics.CONTENT_COMMITTED, Map.of(Topics.DIGEST, "ab", Topics.SIZE, 5L));

        var heard = listener.drain();
        assertThat(heard)
                .extracting(message -> message.getString("type"))
                .containsExactly("host.added", "content.evicted", "feature.changed");
        assertThat(heard.get(0).getString("host")).isEqualTo("acme");
        assertThat(heard.get(1).getString("sha256")).isEqualTo("ab");
        assertThat(heard.get(1).getInt("size")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"type\":\"pause\",\"id\":\"x\"}",
                "{\"type\":\"subscribe\",\"downloads\":\"some\"}",
                "{\"type\":\"subscribe\",\"downloads\":[1]}",
                "{\"type\":\"subscribe\",\"since\":-1}",
                "{\"type\":\"subscribe\",\"since\":\"1\"}",
                "{\"type\":\"subscribe\",\"type\":\"subscribe\"}",
                "{\"type\":\"subscribe\",\"more\":1}"
            })
    void whatIsNoSubscriptionEndsTheConversation(String text) {
        var listener = stage.listener();

        stage.say(listener, text);
        stage.move("a", STARTING);

        assertThat(listener.endings).containsExactly("1008");
        assertThat(listener.heard).isEmpty();
        stage.pass(Duration.ofSeconds(3));
        assertThat(listener.endings).containsExactly("1008", "aborted");
        assertThat(stage.broadcast.hasClients()).isFalse();
    }

    @Test
    @DisplayName("R10: a room is told whole; moving pieces twice a second, all else as it happens")
    void aRoomIsToldWholeAndNotTooOften() {
        var listener = stage.listener();
        stage.tell(Topics.ROOM_MEMBER, Map.of(Topics.ROOM, room("evening", 0)));
        var first = listener.drain().get(0);
        assertThat(first.getString("type")).isEqualTo("room.member");
        assertThat(first.getJsonObject("room").toString())
                .isEqualTo(
                        "{\"roomId\":\"evening\",\"user\":\"ann\",\"state\":\"OPEN\","
                                + "\"joined\":\"1970-01-01T00:00:00Z\",\"members\":{\"ann\":{"
                                + "\"connected\":true,\"pieces\":{\"maps\":{"
                                + "\"status\":\"IN_PROGRESS\",\"bytes\":0,\"total\":100},\"skins\":{"
                                + "\"status\":\"ERROR\",\"bytes\":0,\"error\":\"gone\"}}}},"
                                + "\"warnings\":[\"slow\"],\"result\":{\"maps\":\"/p/maps\"}}");

        stage.pass(SECOND);
        listener.drain();
        for (var bytes = 1; bytes <= 40; bytes++) {
            stage.tell(Topics.ROOM_PIECE, Map.of(Topics.ROOM, room("evening", bytes)));
            stage.tell(Topics.ROOM_PIECE, Map.of(Topics.ROOM, room("other", bytes)));
            stage.pass(Duration.ofMillis(50));
        }
        stage.pass(SECOND);

        var heard = listener.drain();
        assertThat(heard).extracting(BroadcastTest::rev).doesNotHaveDuplicates().isSorted();
        assertThat(rooms(heard, "evening")).hasSizeBetween(4, 6).endsWith("room.piece 40");
        assertThat(rooms(heard, "other")).hasSizeBetween(4, 6).endsWith("room.piece 40");

        stage.tell(Topics.ROOM_PIECE, Map.of(Topics.ROOM, room("evening", 50)));
        stage.tell(Topics.ROOM_PIECE, Map.of(Topics.ROOM, room("evening", 51)));
        stage.tell(Topics.ROOM_FINISHED, Map.of(Topics.ROOM, room("evening", 100)));
        stage.pass(SECOND);
        assertThat(rooms(listener.drain(), "evening"))
                .as("nothing older comes after the end")
                .endsWith("room.finished 100");
    }

    @Test
    @DisplayName("R10, W1: who lags is told a room as it is, and not all that it was")
    void aRoomWaitsInOnePlace() {
        var listener = stage.listener().stall();
        for (var bytes = 1; bytes <= 20; bytes++) {
            for (var id : List.of("evening", "other")) {
                var large = room(id, bytes, "gone".repeat(20_000));
                stage.tell(Topics.ROOM_PIECE, Map.of(Topics.ROOM, large));
            }
            stage.pass(Duration.ofMillis(500));
        }
        stage.move("a", STARTING);
        listener.drain();

        listener.resume();
        stage.settle();

        var heard = listener.drain();
        assertThat(heard).extracting(BroadcastTest::rev).isSorted();
        assertThat(rooms(heard, "evening")).containsExactly("room.piece 20");
        assertThat(rooms(heard, "other")).containsExactly("room.piece 20");
        assertThat(heard)
                .extracting(each -> each.getString("type"))
                .contains("download.state")
                .doesNotContain("resync");
    }

    @Test
    @DisplayName("R10, W1: who comes back is told once of each room that moved since")
    void whoComesBackIsToldOfRooms() {
        var before = stage.listener();
        piece("evening", 1);
        var seen = rev(before.drain().get(0));
        stage.broadcast.leave(before);
        piece("other", 2);
        stage.move("a", STARTING);
        piece("evening", 3);
        piece("ended", 4);
        stage.tell(Topics.ROOM_FINISHED, Map.of(Topics.ROOM, room("ended", 100)));

        var heard = stage.come("{\"type\":\"subscribe\",\"since\":" + seen + "}").drain();

        assertThat(heard).extracting(BroadcastTest::rev).doesNotHaveDuplicates().isSorted();
        assertThat(rooms(heard, "evening")).containsExactly("room.piece 3");
        assertThat(rooms(heard, "other")).containsExactly("room.piece 2");
        assertThat(rooms(heard, "ended")).containsExactly("room.finished 100");

        var latest = rev(heard.get(heard.size() - 1));
        var again = stage.come("{\"type\":\"subscribe\",\"since\":" + latest + "}").drain();
        assertThat(rooms(again, "evening")).as("it has seen that").isEmpty();
    }

    private void piece(String id, long bytes) {
        stage.tell(Topics.ROOM_PIECE, Map.of(Topics.ROOM, room(id, bytes)));
        stage.pass(SECOND);
    }

    private static List<String> rooms(List<JsonObject> heard, String id) {
        return heard.stream()
                .filter(each -> each.containsKey("room"))
                .filter(each -> each.getJsonObject("room").getString("roomId").equals(id))
                .map(
                        each ->
                                each.getString("type")
                                        + " "
                                        + each.getJsonObject("room")
                                                .getJsonObject("members")
                                                .getJsonObject("ann")
                                                .getJsonObject("pieces")
                                                .getJsonObject("maps")
                                                .getInt("bytes"))
                .toList();
    }

    private static Room room(String id, long bytes) {
        return room(id, bytes, "gone");
    }

    private static Room room(String id, long bytes, String error) {
        var pieces = new LinkedHashMap<String, Progress>();
        pieces.put("maps", new Progress(Room.Status.IN_PROGRESS, bytes, 100, null));
        pieces.put("skins", new Progress(Room.Status.ERROR, 0, -1, error));
        return new Room(
                id,
                "ann",
                Room.State.OPEN,
                null,
                Instant.EPOCH,
                Map.of("ann", new Room.Member(true, pieces)),
                List.of("slow"),
                Map.of("maps", Path.of("/p/maps")));
    }
}
