package dev.capstan.admin.rest.events;

import static dev.capstan.download.DownloadState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.event.Topics;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** W1: what one client does is no other's business. */
class ClientTest {
    private final Stage stage = new Stage();

    private void moves(int count) {
        for (var i = 0; i < count; i++) {
            stage.move("d" + i, QUEUED);
        }
    }

    /** One message of some 300 KiB. */
    private void bigMove() {
        var many = IntStream.range(0, 900).mapToObj(i -> stage.download("b" + i, QUEUED, 0));
        stage.tell(Topics.DOWNLOAD_STATE, Map.of(Topics.DOWNLOADS, many.toList()));
    }

    @Test
    void whoReadsLateMissesNothingWithinTheBound() {
        var listener = stage.listener().stall();
        moves(Client.MOST_MESSAGES);
        listener.resume();
        stage.settle();

        assertThat(listener.drainTypes())
                .hasSize(Client.MOST_MESSAGES)
                .containsOnly("download.state");
    }

    @Test
    void whoFallsBehindGetsOneResyncAndThenWhatFollows() {
        var listener = stage.listener().stall();
        moves(Client.MOST_MESSAGES + 10);
        assertThat(listener.drainTypes()).containsExactly("download.state");

        stage.move("after", QUEUED);
        listener.resume();
        stage.settle();
        stage.move("later", QUEUED);

        var heard = listener.drain();
        assertThat(heard)
                .extracting(message -> message.getString("type"))
                .startsWith("resync")
                .endsWith("download.state", "download.state")
                .filteredOn("resync"::equals)
                .hasSize(1);
        assertThat(heard).hasSizeLessThan(20);
        assertThat(heard)
                .extracting(message -> message.getJsonNumber("rev").longValue())
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(listener.endings).isEmpty();
    }

    @Test
    void bytesAreBoundedToo() {
        var listener = stage.listener().stall();
        IntStream.range(0, 6).forEach(i -> bigMove());
        listener.drain();
        listener.resume();
        stage.settle();

        assertThat(listener.drainTypes()).startsWith("resync");
    }

    @Test
    void whoDoesNotTakeTheResyncEitherIsClosed() {
        var slow = stage.listener().stall();
        var quick = stage.listener();
        moves(Client.MOST_MESSAGES + 2);
        assertThat(slow.endings).isEmpty();
        moves(Client.MOST_MESSAGES + 2);
        assertThat(slow.endings).containsExactly("1008");

        stage.pass(Client.GOOD_BYE.plusSeconds(1));
        assertThat(slow.endings).containsExactly("1008", "aborted");
        assertThat(quick.drainTypes().stream().filter("download.state"::equals))
                .hasSize(2 * (Client.MOST_MESSAGES + 2));
        assertThat(quick.endings).isEmpty();
    }

    @Test
    void whoTakesNothingForAWhileIsClosedHoweverLittleThereIs() {
        var listener = stage.listener().stall();
        stage.move("a", QUEUED);

        stage.pass(Client.MOST_SENDING.minusSeconds(1));
        assertThat(listener.endings).isEmpty();
        stage.pass(Client.GOOD_BYE.plusSeconds(2));

        assertThat(listener.endings).containsExactly("1008", "aborted");
    }

    @Test
    void aQuietClientThatAnswersPingsStaysAndOneThatDoesNotGoes() {
        var alive = stage.listener();
        var dead = stage.listener();
        for (var i = 0; i < 10; i++) {
            stage.pass(Duration.ofSeconds(10));
            stage.broadcast.heard(alive);
        }

        assertThat(alive.pings).isBetween(4, 5);
        assertThat(alive.endings).isEmpty();
        assertThat(dead.endings).containsExactly("aborted");
    }

    @Test
    void whoseTokenWasTakenBackIsClosed() {
        var listener = stage.listener();
        listener.mayListen = false;

        stage.pass(Client.ASKED_EVERY.plusSeconds(1));

        assertThat(listener.endings).containsExactly("1008");
    }

    @Test
    void aClientIsHeardOnlyAfterWhatItSaidBefore() {
        var listener = stage.come();
        assertThat(listener.demands).isZero();
        stage.say(listener, "{\"type\":\"subscribe\"}");
        assertThat(listener.demands).isEqualTo(1);
    }

    @Test
    void aMessageIsEncodedOnceForAllWhoGetTheWhole() {
        var message = Message.ofDownloads("t", 5, List.of(), JsonValue.EMPTY_JSON_OBJECT);

        assertThat(message.part(null).array()).isSameAs(message.part(null).array());
    }
}
