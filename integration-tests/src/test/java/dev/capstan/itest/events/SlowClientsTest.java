package dev.capstan.itest.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Vitals;
import dev.capstan.itest.events.Client.Heard;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * W1: clients that never read move neither the others' delay nor the heap. In short, unless the
 * property {@code capstan.w1} names more clients and {@code capstan.w1.seconds} a longer load.
 */
@Isolated
@Timeout(300)
class SlowClientsTest {
    private static final int SLOW = Integer.getInteger("capstan.w1", 100);
    private static final Duration LOAD =
            Duration.ofSeconds(Integer.getInteger("capstan.w1.seconds", 0));
    private static final int NORMAL = 20;
    private static final long OFFERED = 5 << 20;
    private static final int LINKS = 16;
    private static final long WARM_UP = 256 << 10;

    /** Of a machine with much else to do; what is measured is printed. */
    private static final Duration MOST_DELAY = Duration.ofSeconds(10);

    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(30);
    private static final long MOST_HEAP = 64 << 20;

    @TempDir Path root;
    private final List<Client> normal = new ArrayList<>();
    private final List<Socket> slow = new ArrayList<>();

    /** What each normal client heard. */
    private final List<List<Heard>> heard = new ArrayList<>();

    private Instant started;
    private Instant closed;

    @Test
    void whoNeverReadsIsClosedAndNobodyElseNotices() throws Exception {
        try (var host = new Face(root)) {
            for (var i = 0; i < NORMAL; i++) {
                normal.add(host.listen());
                heard.add(new ArrayList<>());
            }
            check("calm", load(host, "calm", WARM_UP, Duration.ZERO));
            var calm = delay("calm", 0.99);
            var before = Vitals.of(host.pid());

            for (var i = 0; i < SLOW; i++) {
                var socket = host.upgrade(host.bearer());
                assertThat(Face.head(socket)).contains(" 101 ");
                slow.add(socket);
            }
            assertThat(host.connections()).isGreaterThanOrEqualTo(SLOW + NORMAL);
            started = Instant.now();
            var added = load(host, "load", OFFERED, LOAD);
            var during = Vitals.of(host.pid());
            Capstan.await("all that never read are closed", () -> areClosed(host));
            check("load", added);

            var took = Duration.between(started, closed);
            System.out.printf(
                    "W1: %d slow clients, closed after %.1f s; %d links told to %d others,"
                            + " p99 %d ms (%d ms without the slow ones), most %d ms;"
                            + " live heap %+d KiB; threads %+d%n",
                    SLOW,
                    took.toMillis() / 1000.0,
                    added,
                    NORMAL,
                    delay("load", 0.99),
                    calm,
                    delay("load", 1),
                    (during.heap() - before.heap()) >> 10,
                    during.threads() - before.threads());
            assertThat(took).isLessThan(CLOSED_WITHIN);
            assertThat(delay("load", 0.99)).as("p99 in ms").isLessThan(MOST_DELAY.toMillis());
            assertThat(during.heap() - before.heap()).isLessThan(MOST_HEAP);
            assertThat(during.threads() - before.threads()).isLessThan(SLOW / 2);
        } finally {
            normal.forEach(Client::close);
            for (var socket : slow) {
                socket.close();
            }
        }
    }

    /** Offers each client so many bytes at least, and goes on for so long at least. */
    private int load(Face host, String kind, long least, Duration most) throws Exception {
        var end = Instant.now().plus(most);
        var added = 0;
        var offered = 0L;
        while (offered < least || Instant.now().isBefore(end)) {
            addLinks(host, kind, added);
            added += LINKS;
            var first = normal.get(0).until(message -> isAbout(message, kind));
            offered += first.stream().mapToLong(message -> message.text().length()).sum();
            heard.get(0).addAll(first);
            areClosed(host);
        }
        return added;
    }

    private boolean areClosed(Face host) {
        if (started != null && closed == null && host.connections() <= NORMAL + 1) {
            closed = Instant.now();
        }
        return closed != null;
    }

    private static boolean isAbout(Heard message, String kind) {
        return message.type().equals("download.added") && message.text().contains("/" + kind + "/");
    }

    /** Links as long as some shops make them, so that there is something to tell. */
    private static void addLinks(Face host, String kind, int from) throws Exception {
        host.addPaused(
                IntStream.range(from, from + LINKS)
                        .mapToObj(
                                i ->
                                        "\"https://192.0.2.7/%s/%d?%s\""
                                                .formatted(kind, i, "x".repeat(2000)))
                        .collect(Collectors.joining(",")));
    }

    /** Every normal client hears of every link, once. */
    private void check(String kind, int added) throws InterruptedException {
        for (var i = 0; i < NORMAL; i++) {
            var all = heard.get(i);
            var ids = new HashSet<String>();
            all.forEach(message -> collect(message, kind, ids));
            while (ids.size() < added) {
                var message = normal.get(i).next();
                all.add(message);
                collect(message, kind, ids);
            }
            assertThat(all).extracting(Heard::type).doesNotContain("resync", "end");
        }
    }

    private static void collect(Heard message, String kind, HashSet<String> ids) {
        if (isAbout(message, kind)) {
            message.downloads().forEach(each -> assertThat(ids.add(each.getString("id"))).isTrue());
        }
    }

    /** Milliseconds from the making of a row until a client has it, of all clients. */
    private long delay(String kind, double share) {
        var delays =
                heard.stream()
                        .flatMap(List::stream)
                        .filter(message -> isAbout(message, kind))
                        .mapToLong(
                                message -> {
                                    var rows = message.downloads();
                                    var row = rows.get(rows.size() - 1);
                                    var made = Instant.parse(row.getString("updated"));
                                    return Duration.between(made, message.at()).toMillis();
                                })
                        .sorted()
                        .toArray();
        return delays[(int) Math.ceil(delays.length * share) - 1];
    }
}
