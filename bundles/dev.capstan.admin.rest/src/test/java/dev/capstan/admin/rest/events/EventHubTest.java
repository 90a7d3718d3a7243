package dev.capstan.admin.rest.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventHubTest {
    private static final String ALL = "{\"type\":\"subscribe\"}";

    /** A client's end of a wire that keeps what it hears. */
    private static final class Ear implements Wire {
        private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void send(ByteBuffer utf8, Runnable done) {
            heard.add(UTF_8.decode(utf8).toString());
            done.run();
        }

        @Override
        public boolean mayListen() {
            return true;
        }

        @Override
        public void ping() {}

        @Override
        public void demand() {}

        @Override
        public void close(int code, String why) {
            heard.add("closed " + code);
        }

        @Override
        public void abort() {}

        String next() throws InterruptedException {
            var next = heard.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("what is told").isNotNull();
            return next;
        }
    }

    private static long rev(String message) {
        try (var reader = Json.createReader(new StringReader(message))) {
            return reader.readObject().getJsonNumber("rev").longValueExact();
        }
    }

    @Test
    void aLaterLifeTellsWhoeverComesFromTheEarlierOneToLoadAgain() throws Exception {
        var first = new EventHub();
        var before = new Ear();
        first.join(before);
        first.heard(before, ALL);
        var seen = rev(before.next());
        first.stop();
        assertThat(before.next()).isEqualTo("closed 1001");

        var second = new EventHub();
        var after = new Ear();
        second.join(after);
        second.heard(after, "{\"type\":\"subscribe\",\"since\":" + seen + "}");
        var told = after.next();
        second.stop();

        assertThat(told).contains("\"resync\"");
        assertThat(rev(told)).isGreaterThan(seen).isLessThan(1L << 53);
    }
}
