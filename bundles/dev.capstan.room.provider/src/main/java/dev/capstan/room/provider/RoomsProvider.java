package dev.capstan.room.provider;

import dev.capstan.event.Topics;
import dev.capstan.name.DataFolder;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.Rooms;
import dev.capstan.room.provider.document.Identities;
import dev.capstan.room.provider.document.Keys;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.document.RoomFile;
import dev.capstan.room.provider.piece.Pieces;
import dev.capstan.room.provider.protocol.MonotonicClock;
import dev.capstan.room.provider.protocol.RoomSession;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.secret.spi.Secrets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventHandler;
import org.osgi.service.event.propertytypes.EventTopics;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Rooms as a service: documents are {@link RoomFile}'s and {@link MatchLock}'s, pieces are fetched
 * by {@link Pieces}, and each room this host is in is a {@link RoomSession}. Transports come and go
 * under it.
 *
 * <p>Its monitor guards which rooms there are, and that no more come; nobody is called under it.
 */
@Component(
        immediate = true,
        service = {Rooms.class, EventHandler.class},
        configurationPid = RoomsProvider.PID)
@EventTopics(Topics.RECORD_PLAYING)
@Designate(ocd = RoomsProvider.Config.class)
public final class RoomsProvider implements Rooms, EventHandler {
    /** Where it is configured. */
    static final String PID = "dev.capstan.room.provider";

    private static final int WORKERS = 4;
    private static final long IDLE_SECONDS = 30;
    private static final long STOP_SECONDS = 3;

    /** Rooms that are over and still shown. */
    private static final int MOST_OVER = 100;

    /** Configuration of rooms. */
    @ObjectClassDefinition(name = "Capstan: rooms", description = "Rooms and their pieces.")
    @interface Config {

        /** Where pieces go. */
        @AttributeDefinition(
                name = "Pieces folder",
                description =
                        "Where the folders of pieces are made; empty for pieces/ in the data"
                                + " folder's downloads.")
        String directory() default "";
    }

    private final DataFolder data;
    private final EventAdmin events;
    private final Identities identities;
    private final Pieces pieces;
    private final Transports transports;
    private final MonotonicClock clock = new MonotonicClock();
    private final ThreadPoolExecutor workers = workers();
    private final PromiseFactory promises = new PromiseFactory(workers);
    private final Map<String, RoomSession> rooms = new LinkedHashMap<>();
    private final Set<Gathering> gatherings = ConcurrentHashMap.newKeySet();
    private final Set<String> playing = ConcurrentHashMap.newKeySet();
    private volatile Config config;
    private boolean isStopped;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Records records;

    /** Puts it together in a framework. */
    @Activate
    public RoomsProvider(
            BundleContext context,
            Config config,
            @Reference Secrets secrets,
            @Reference EventAdmin events,
            @Reference Pieces pieces) {
        data = DataFolder.of(context);
        this.config = config;
        this.events = events;
        this.pieces = pieces;
        identities = new Identities(secrets);
        transports = new Transports(context);
    }

    @Reference(
            service = RoomTransport.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addTransport(ServiceReference<RoomTransport> reference) {
        transports.add(reference);
    }

    void removeTransport(ServiceReference<RoomTransport> reference) {
        transports.remove(reference);
    }

    /** Takes another configuration, without a stop. */
    @Modified
    void modified(Config changed) {
        config = changed;
    }

    /** Leaves all rooms; whoever waits is told. */
    @Deactivate
    void stop() throws InterruptedException {
        List<RoomSession> open;
        synchronized (this) {
            isStopped = true;
            open = List.copyOf(rooms.values());
        }
        gatherings.forEach(Gathering::close);
        open.forEach(RoomSession::close);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (var room : open) {
            room.awaitEnd(end - System.nanoTime());
        }
        transports.close();
        workers.shutdown();
    }

    // Documents.

    @Override
    public String create(RoomDraft draft) throws RoomException {
        return RoomFile.create(draft, Instant.now()).text();
    }

    @Override
    public String sign(String roomFile, String user) throws RoomException {
        return RoomFile.parse(roomFile).signed(user, keys(user)).text();
    }

    @Override
    public String collect(List<String> roomFiles) throws RoomException {
        return RoomFile.collect(roomFiles).text();
    }

    @Override
    public String id(String roomFile) throws RoomException {
        return RoomFile.parse(roomFile).roomId();
    }

    @Override
    public String identity(String user) throws RoomException {
        return Keys.text(identities.make(user).getPublic());
    }

    private KeyPair keys(String user) throws RoomException {
        return identities
                .find(user)
                .orElseThrow(
                        () ->
                                new RoomException(
                                        Reason.NOT_FOUND,
                                        "There is no identity of " + user + " on this host.",
                                        null));
    }

    // Pieces.

    @Override
    public Promise<Map<String, Path>> pieces(
            String matchLock, boolean mandatoryOnly, @Nullable Path folder) {
        return told(
                promises.submit(
                                () ->
                                        Gathering.start(
                                                MatchLock.parse(matchLock),
                                                mandatoryOnly,
                                                folder(folder),
                                                pieces,
                                                promises.deferred()))
                        .flatMap(this::gathered));
    }

    private Promise<Map<String, Path>> gathered(Gathering gathering) {
        gatherings.add(gathering);
        if (isStopped()) {
            gathering.close();
        }
        return gathering.answer().onResolve(() -> gatherings.remove(gathering));
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private Path folder(@Nullable Path chosen) {
        var configured = config.directory().strip();
        if (chosen != null) {
            return chosen.toAbsolutePath().normalize();
        }
        return configured.isEmpty()
                ? data.downloads().resolve("pieces")
                : Path.of(configured).toAbsolutePath().normalize();
    }

    // Rooms.

    @Override
    public Promise<Room> join(JoinRequest request) {
        return told(promises.submit(() -> enter(request)).flatMap(RoomSession::joined));
    }

    private RoomSession enter(JoinRequest request) throws RoomException {
        var signed = RoomFile.parse(request.roomFile()).verify(Instant.now(), request.matchLock());
        if (!signed.users().containsKey(request.user())) {
            throw new RoomException(
                    Reason.NOT_FOUND,
                    request.user() + " is no user of room " + signed.roomId() + ".",
                    null);
        }
        var key = keys(request.user());
        if (!key.getPublic().equals(signed.users().get(request.user()))) {
            throw new RoomException(
                    Reason.NOT_SIGNED,
                    "The room file names another key for "
                            + request.user()
                            + " than this host has.",
                    null);
        }
        var scheme = signed.transport().getScheme();
        if (transports.find(scheme) == null) {
            throw new RoomException(
                    Reason.UNREACHABLE,
                    "No transport takes addresses such as " + signed.transport() + ".",
                    null);
        }
        return take(
                signed,
                request.user(),
                () ->
                        new RoomSession(
                                signed,
                                request,
                                key.getPrivate(),
                                folder(request.folder()),
                                () -> transports.find(scheme),
                                new RoomSession.House(
                                        pieces,
                                        () -> records,
                                        clock,
                                        RoomSession.TICK,
                                        promises,
                                        this::post)));
    }

    /** Takes a room in, unless this host is in it already. */
    private RoomSession take(RoomConfig signed, String user, Supplier<RoomSession> another)
            throws RoomException {
        RoomSession room;
        synchronized (this) {
            if (isStopped) {
                throw new RoomException(Reason.FAILED, "The host is stopping.", null);
            }
            var there = rooms.get(signed.roomId());
            if (there != null && !there.isOver()) {
                if (there.isOf(signed, user)) {
                    return there;
                }
                throw new RoomException(
                        Reason.REFUSED,
                        "This host is in room "
                                + signed.roomId()
                                + " already, as somebody else or by another file; leave it first.",
                        null);
            }
            room = another.get();
            rooms.remove(signed.roomId());
            var over = rooms.values().stream().filter(RoomSession::isOver).toList();
            if (over.size() >= MOST_OVER) {
                rooms.values().remove(over.get(0));
            }
            rooms.put(signed.roomId(), room);
        }
        playing.forEach(room::stir);
        room.start();
        return room;
    }

    /** E8: a record of this host was joined, steered or left. */
    @Override
    public void handleEvent(Event event) {
        if (event.getProperty(Topics.RECORD) instanceof EtchedRecord record) {
            if (event.containsProperty(Topics.PLAYTIME)) {
                playing.add(record.id());
            } else {
                playing.remove(record.id());
            }
            List<RoomSession> open;
            synchronized (this) {
                open = List.copyOf(rooms.values());
            }
            open.forEach(room -> room.stir(record.id()));
        }
    }

    @Override
    public Promise<Map<String, Path>> finished(String id) {
        return session(id).map(RoomSession::finished).orElseGet(() -> promises.failed(unknown(id)));
    }

    @Override
    public boolean retry(String id, String piece) {
        return session(id).map(room -> room.retry(piece)).orElse(false);
    }

    @Override
    public Optional<Room> get(String id) {
        return session(id).map(RoomSession::snapshot);
    }

    @Override
    public List<Room> list() {
        var all = new ArrayList<RoomSession>();
        synchronized (this) {
            all.addAll(rooms.values());
        }
        Collections.reverse(all);
        return all.stream().map(RoomSession::snapshot).toList();
    }

    @Override
    public Promise<Room> leave(String id) {
        return session(id).map(RoomSession::leave).orElseGet(() -> promises.failed(unknown(id)));
    }

    private synchronized Optional<RoomSession> session(String id) {
        return Optional.ofNullable(rooms.get(id));
    }

    private static RoomException unknown(String id) {
        return new RoomException(Reason.NOT_FOUND, "This host is in no room " + id + ".", null);
    }

    private void post(String topic, Room room) {
        events.postEvent(new Event(topic, Map.of(Topics.ROOM, room)));
    }

    /** The same promise, which fails with nothing but {@link RoomException}. */
    private <T> Promise<T> told(Promise<T> promise) {
        return promise.recoverWith(
                failed -> {
                    var failure = failed.getFailure();
                    return promises.failed(
                            failure instanceof RoomException
                                    ? failure
                                    : new RoomException(
                                            Reason.FAILED,
                                            "An unexpected error: " + failure,
                                            failure));
                });
    }

    private static ThreadPoolExecutor workers() {
        var count = new AtomicInteger();
        var pool =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            var name = "capstan-rooms-" + count.incrementAndGet();
                            var thread = new Thread(task, name);
                            thread.setDaemon(true);
                            return thread;
                        },
                        // Promises that resolve after the end need nobody to tell them on.
                        new ThreadPoolExecutor.DiscardPolicy());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
