package dev.capstan.room.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.Rooms;
import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.TestFramework;
import dev.capstan.tck.room.LoopbackTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Rooms as a service in a real framework. */
@Timeout(120)
class RoomsProviderTest {
    private static final String NAME = "dev.capstan.room.provider";

    @Test
    @DisplayName("A bundle that stops has left its rooms before it is stopped, and says so")
    void stopLeavesRooms(@TempDir Path data) throws Exception {
        var bundles =
                Stream.concat(
                                TestFramework.ENGINE.stream(),
                                Stream.of(
                                        NAME,
                                        "org.apache.commons.commons-compress",
                                        "org.apache.commons.commons-io",
                                        "org.apache.commons.lang3",
                                        "org.eclipse.parsson.jakarta.json"))
                        .toList();
        try (var framework = new TestFramework(data, bundles)) {
            var bundle = find(framework, NAME);
            var transport = new Watched(bundle);
            framework
                    .context()
                    .registerService(
                            RoomTransport.class,
                            transport,
                            new Hashtable<>(
                                    Map.of(RoomTransport.SCHEMES, LoopbackTransport.SCHEME)));
            var rooms = framework.service(Rooms.class);
            var joined = joined(rooms);
            var finished = rooms.finished(joined.id());

            bundle.stop();

            assertThat(transport.stateAtClose).isCompletedWithValue(Bundle.STOPPING);
            assertThat(finished.getFailure())
                    .isInstanceOf(RoomException.class)
                    .hasMessageContaining("left");
        }
    }

    private static Room joined(Rooms rooms) throws Exception {
        var draft =
                new RoomDraft(
                        null,
                        """
                        {"version": 1, "engine": {"name": "Fighter", "version": "1"},
                         "pieceCollections": {"base": {"selection": "mandatory", "pieces": [
                           {"id": "core", "resolvables": []}]}}}
                        """,
                        false,
                        Map.of("ann", rooms.identity("ann")),
                        URI.create("loopback://ann@room"),
                        null,
                        Duration.ofHours(1));
        var file = rooms.sign(rooms.create(draft), "ann");
        return rooms.join(JoinRequest.of(file, "ann"))
                .timeout(TimeUnit.SECONDS.toMillis(30))
                .getValue();
    }

    private static Bundle find(TestFramework framework, String name) {
        return Stream.of(framework.context().getBundles())
                .filter(each -> name.equals(each.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    /** Sees whether a bundle is still stopping when its room is closed. */
    private static final class Watched implements RoomTransport {
        private static final long A_WHILE = TimeUnit.MILLISECONDS.toNanos(300);

        final CompletableFuture<Integer> stateAtClose = new CompletableFuture<>();
        private final RoomTransport real = new LoopbackTransport();
        private final Bundle bundle;

        Watched(Bundle bundle) {
            this.bundle = bundle;
        }

        @Override
        public Closeable open(URI address, Acceptor acceptor) throws IOException {
            var listener = real.open(address, acceptor);
            return () -> {
                // Nobody who waits for it would be done meanwhile.
                var end = System.nanoTime() + A_WHILE;
                while (bundle.getState() == Bundle.STOPPING && System.nanoTime() < end) {
                    LockSupport.parkNanos(1_000_000);
                }
                listener.close();
                stateAtClose.complete(bundle.getState());
            };
        }

        @Override
        public RoomChannel connect(URI address, Handler handler)
                throws IOException, InterruptedException {
            return real.connect(address, handler);
        }
    }
}
