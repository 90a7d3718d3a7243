package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.Room.State;
import dev.capstan.room.RoomException;
import dev.capstan.room.Rooms;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.util.promise.Promise;

/** Joins a room and follows it to its end; who breaks that off leaves (R8, R12). */
final class Joining {
    private static final long LOOK_MILLIS = 200;
    private static final long GOODBYE_SECONDS = 3;
    private static final int MOST = 1_000_000_000;

    private final Services services;
    private final Rooms rooms;

    Joining(Services services, Rooms rooms) {
        this.services = services;
        this.rooms = rooms;
    }

    Answer run(String file, Invocation call)
            throws CommandException, RoomException, InterruptedException {
        var request = request(file, call);
        var id = rooms.id(request.roomFile());
        services.awaitPlugins();
        var joining = rooms.join(request);
        try (var progress = RoomProgress.on(call)) {
            for (var resolved = latch(joining); isOpen(resolved); ) {
                // Nobody may have let this user in yet, but the room is listed.
                open(id).ifPresent(progress::show);
            }
            RoomNames.await(joining);
            var finished = rooms.finished(id);
            for (var resolved = latch(finished); isOpen(resolved); ) {
                rooms.get(id).ifPresent(progress::show);
            }
            rooms.get(id).ifPresent(progress::show);
            progress.makeWay();
            Folders.print(RoomNames.await(finished), call);
            return Answer.DONE;
        } catch (InterruptedException e) {
            if (open(id).isPresent()) {
                latch(rooms.leave(id)).await(GOODBYE_SECONDS, TimeUnit.SECONDS);
            }
            throw e;
        }
    }

    /** The room, unless it is as an earlier try left it. */
    private Optional<Room> open(String id) {
        return rooms.get(id)
                .filter(room -> EnumSet.of(State.CONNECTING, State.OPEN).contains(room.state()));
    }

    private static JoinRequest request(String file, Invocation call) throws CommandException {
        var arguments = call.arguments();
        var user = RoomCommand.given(arguments, "as");
        var deadline = arguments.number("deadline", 0, 1, MOST);
        var matchLock = arguments.value("match-lock");
        return JoinRequest.of(RoomFiles.read(file, call), user)
                .folder(RoomCommand.folder(call))
                .matchLock(matchLock == null ? null : RoomFiles.read(matchLock, call))
                .deadline(deadline == 0 ? null : Duration.ofSeconds(deadline))
                .minimumSpeed(arguments.number("min-speed", 0, 0, Integer.MAX_VALUE))
                .abortOnFailure(arguments.has("abort-on-failure"))
                .fromMembers(arguments.has("from-members"));
    }

    private static CountDownLatch latch(Promise<?> promise) {
        var resolved = new CountDownLatch(1);
        promise.onResolve(resolved::countDown);
        return resolved;
    }

    /** Waits for a moment, or until a promise resolves; says whether it has not. */
    private boolean isOpen(CountDownLatch resolved) throws CommandException, InterruptedException {
        if (resolved.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            return false;
        }
        if (services.roomsNow() != rooms) {
            throw new CommandException(
                    ExitCode.UNFINISHED,
                    "Rooms have just been stopped or updated in this host; the same command"
                            + " joins again.");
        }
        return true;
    }
}
