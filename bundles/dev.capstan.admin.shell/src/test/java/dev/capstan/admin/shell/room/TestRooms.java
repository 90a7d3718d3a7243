package dev.capstan.admin.shell.room;

import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.State;
import dev.capstan.room.Room.Status;
import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.Rooms;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;

/** One room, of ann and bob with two pieces, that a test moves by hand. */
final class TestRooms implements Rooms {
    static final String ID = "evening";

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<RoomDraft> drafts = new CopyOnWriteArrayList<>();
    final List<JoinRequest> joins = new CopyOnWriteArrayList<>();
    final Deferred<Room> joined = new Deferred<>();
    final Deferred<Map<String, Path>> finished = new Deferred<>();
    volatile @Nullable Room room;

    static Progress piece(Status status, long bytes) {
        return new Progress(
                status, bytes, 1_000, status == Status.ERROR ? "all links failed" : null);
    }

    static Member member(boolean connected, Progress maps, Progress skins) {
        var pieces = new LinkedHashMap<String, Progress>();
        pieces.put("maps", maps);
        pieces.put("skins", skins);
        return new Member(connected, pieces);
    }

    Room set(State state, @Nullable String reason, Member ann, Member bob, String... warnings) {
        var members = new LinkedHashMap<String, Member>();
        members.put("ann", ann);
        members.put("bob", bob);
        var made =
                new Room(
                        ID,
                        "ann",
                        state,
                        reason,
                        Instant.now(),
                        members,
                        List.of(warnings),
                        Map.of());
        room = made;
        return made;
    }

    @Override
    public Promise<Map<String, Path>> pieces(
            String matchLock, boolean mandatoryOnly, @Nullable Path folder) {
        calls.add("pieces " + matchLock + (mandatoryOnly ? " mandatory " : " all ") + folder);
        return finished.getPromise();
    }

    @Override
    public String create(RoomDraft draft) throws RoomException {
        if (draft.matchLock().equals("broken")) {
            throw new RoomException(Reason.INVALID, "/engine is missing", null);
        }
        drafts.add(draft);
        return "room file";
    }

    @Override
    public String sign(String roomFile, String user) throws RoomException {
        if (user.equals("eve")) {
            throw new RoomException(Reason.NOT_FOUND, "eve has no identity here", null);
        }
        return roomFile.strip() + " signed by " + user;
    }

    @Override
    public String collect(List<String> roomFiles) {
        return String.join("+", roomFiles.stream().map(String::strip).toList());
    }

    @Override
    public String id(String roomFile) throws RoomException {
        if (roomFile.isBlank()) {
            throw new RoomException(Reason.INVALID, "The room file is empty.", null);
        }
        return ID;
    }

    @Override
    public String identity(String user) {
        return "ed25519:" + user;
    }

    @Override
    public Promise<Room> join(JoinRequest request) {
        joins.add(request);
        return joined.getPromise();
    }

    @Override
    public Promise<Map<String, Path>> finished(String id) {
        calls.add("finished " + id);
        return finished.getPromise();
    }

    @Override
    public boolean retry(String id, String piece) {
        calls.add("retry " + id + " " + piece);
        return piece.equals("maps");
    }

    @Override
    public Optional<Room> get(String id) {
        return Optional.ofNullable(room).filter(it -> it.id().equals(id));
    }

    @Override
    public List<Room> list() {
        var list = new ArrayList<Room>();
        Optional.ofNullable(room).ifPresent(list::add);
        return list;
    }

    @Override
    public Promise<Room> leave(String id) {
        calls.add("leave " + id);
        return Promises.resolved(room);
    }
}
