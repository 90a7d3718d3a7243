package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Cookies;
import dev.capstan.transfer.http.wire.Guard;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.http.wire.Proxies;
import dev.capstan.transfer.http.wire.Settings;
import dev.capstan.transfer.http.wire.Target;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Connections that are made before it is known whether they pay")
class AheadTest {
    private static final Settings SETTINGS =
            new Settings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    0,
                    Duration.ofSeconds(10),
                    1,
                    Duration.ofMillis(10),
                    10,
                    8,
                    16,
                    0,
                    true,
                    Set.of(),
                    false,
                    "Test",
                    Proxies.NONE,
                    Map.of(),
                    null);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Network network =
            new Network(() -> SETTINGS, new Guard(() -> SETTINGS), executor, Origin::clientContext);
    private final Caller caller =
            new Caller(
                    network,
                    new Cancellation(),
                    new Cookies(),
                    new Caller.Redirects(0, (from, to) -> false, false, false),
                    false);
    private final Ahead ahead = new Ahead(executor, caller, events::add, "ahead");

    @AfterEach
    void close() {
        network.close();
        executor.shutdownNow();
    }

    @Test
    void asManyAsAreWantedAreMadeAndNothingIsAskedOverThem() throws Exception {
        try (var origin = Origin.plain()) {
            var source = source(origin.uri("/f"));

            ahead.make(source, 3);
            learn(3);
            ahead.make(source, 3);

            assertThat(ahead.isBusy()).isFalse();
            assertThat(source.waiting(caller)).isEqualTo(3);
            assertThat(origin.log()).isEmpty();
        }
    }

    @Test
    void requestsFindThem() throws Exception {
        try (var origin = Origin.plain()) {
            findsThem(origin);
        }
    }

    @Test
    void requestsFindThemOverTls() throws Exception {
        try (var origin = Origin.tls()) {
            findsThem(origin);
        }
    }

    private void findsThem(Origin origin) throws Exception {
        origin.serve("/f", Resource.of(Body.random(1000, 1)));
        var source = source(origin.uri("/f"));
        ahead.make(source, 2);
        learn(2);

        try (var first = source.call(caller, Map.of());
                var second = source.call(caller, Map.of())) {
            assertThat(first.head().status()).isEqualTo(200);
            assertThat(second.head().status()).isEqualTo(200);
            assertThat(source.waiting(caller)).isZero();
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotUsedIsClosedAndWhatWasUsedStays() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(Body.random(1000, 1)));
            var source = source(origin.uri("/f"));
            ahead.make(source, 2);
            learn(2);
            try (var reply = source.call(caller, Map.of())) {
                reply.discard();
            }

            network.dropUnused(source.target());

            assertThat(source.waiting(caller)).isZero();
            try (var reply = source.call(caller, Map.of())) {
                assertThat(reply.head().status()).isEqualTo(200);
            }
            assertThat(origin.awaitConnections(2, Duration.ofSeconds(30))).isTrue();
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void whoRefusedOneIsNotBotheredAgain() throws Exception {
        var origin = Origin.plain();
        var source = source(origin.uri("/f"));
        origin.close();
        ahead.make(source, 1);
        learn(1);

        ahead.make(source, 3);

        assertThat(ahead.isBusy()).isFalse();
    }

    private void learn(int count) throws InterruptedException {
        for (var i = 0; i < count; i++) {
            var event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).isInstanceOf(Ahead.Made.class);
            ahead.learn((Ahead.Made) event);
        }
    }

    private static Source source(URI uri) throws Exception {
        return Source.of(new Course.Duplicate(Target.of(uri), true));
    }
}
