package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.record.Records;
import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.provider.document.Keys;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.piece.Pieces;
import dev.capstan.room.provider.protocol.RoomSession.House;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.LoopbackTransport;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.PromiseFactory;

/** Users of one room, each on a host of its own; the first of them makes it. */
final class Party implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger ROOMS = new AtomicInteger();

    final LoopbackTransport loopback = new LoopbackTransport();
    final Map<String, KeyPair> keys = new LinkedHashMap<>();
    final List<Host> hosts = new CopyOnWriteArrayList<>();
    final RoomConfig config;
    final String maker;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    InstantSource clock = new MonotonicClock();

    /** What the next host to join may play. */
    Supplier<@Nullable Records> records = () -> null;

    /** Whoever has one here fetches pieces and is told of none. */
    final Map<String, Pieces> fetchers = new HashMap<>();

    /** Tests are in more of a hurry than people. */
    boolean keepsEvents = true;

    Duration tick = Duration.ofMillis(20);

    Party(int pieces, String... users) {
        this(pieces(pieces), users);
    }

    Party(List<Piece> pieces, String... users) {
        var publicKeys = new LinkedHashMap<String, PublicKey>();
        for (var user : users) {
            keys.put(user, Keys.generate());
            publicKeys.put(user, keys.get(user).getPublic());
        }
        maker = users[0];
        var id = "room-" + ROOMS.incrementAndGet();
        config =
                new RoomConfig(
                        id,
                        "%064x".formatted(id.hashCode()),
                        new MatchLock.Engine("engine", "1", null),
                        pieces,
                        publicKeys,
                        URI.create("loopback:" + id),
                        maker,
                        Instant.MAX);
    }

    static List<Piece> pieces(int count) {
        return IntStream.range(0, count).mapToObj(i -> piece("piece-" + i, null)).toList();
    }

    static Piece piece(String id, @Nullable String sha256) {
        return new Piece(id, null, null, null, List.of(), sha256, -1, MatchLock.Archive.AUTO, null);
    }

    /** What happened in a room on one host. */
    record Event(String topic, Room room) {}

    /** One user's host. */
    final class Host {
        final String user;
        final ToldPieces pieces = new ToldPieces();
        final List<Event> events = new CopyOnWriteArrayList<>();
        final RoomSession session;

        Host(
                RoomConfig config,
                String user,
                KeyPair keys,
                Supplier<@Nullable Transport> transport,
                UnaryOperator<JoinRequest> options) {
            this.user = user;
            session =
                    new RoomSession(
                            config,
                            options.apply(JoinRequest.of("", user)),
                            keys.getPrivate(),
                            Path.of("/pieces"),
                            transport,
                            new House(
                                    fetchers.getOrDefault(user, pieces),
                                    records,
                                    clock,
                                    tick,
                                    new PromiseFactory(threads),
                                    this::keep));
            hosts.add(this);
            session.start();
        }

        private void keep(String topic, Room room) {
            if (keepsEvents) {
                events.add(new Event(topic, room));
            }
        }

        Room room() {
            return session.snapshot();
        }

        void finishAll() {
            config.pieces().forEach(piece -> pieces.finished(piece.id()));
        }

        Room.Progress sees(String other, String piece) {
            return room().members().get(other).pieces().get(piece);
        }

        boolean seesConnected(String other) {
            return room().members().get(other).connected();
        }

        Map<String, Path> result() throws Exception {
            return Awaited.value(session.finished());
        }
    }

    Host join(String user) {
        return join(user, UnaryOperator.identity());
    }

    Host join(String user, UnaryOperator<JoinRequest> options) {
        return join(user, loopback, options);
    }

    Host join(String user, RoomTransport transport, UnaryOperator<JoinRequest> options) {
        var calls = new Transport(() -> transport, "test");
        return join(user, () -> calls, options);
    }

    Host join(
            String user,
            Supplier<@Nullable Transport> transport,
            UnaryOperator<JoinRequest> options) {
        return new Host(config, user, keys.get(user), transport, options);
    }

    List<Host> joinAll() {
        var all = new ArrayList<Host>();
        for (var user : keys.keySet()) {
            all.add(join(user));
            if (user.equals(maker)) {
                await("the room is open", () -> isOpen(all.get(0)));
            }
        }
        all.forEach(host -> await(host.user + " is in", () -> isOpen(host)));
        return all;
    }

    static boolean isOpen(Host host) {
        return host.room().state() == Room.State.OPEN;
    }

    static void await(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "In vain: " + what);
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        hosts.forEach(host -> host.session.close());
        threads.shutdown();
    }
}
