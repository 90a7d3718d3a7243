package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.name.SafeNames;
import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.Rooms;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;
import org.osgi.util.promise.TimeoutException;

/** What a request says of a room that is to be made or joined. */
final class RoomWishes {
    private static final int USUAL_DAYS = 7;
    private static final int MOST_SECONDS = 1_000_000_000;

    /** As long as it takes to check all signatures; whoever joins may have to wait for others. */
    private static final Duration CHECKED = Duration.ofSeconds(2);

    private RoomWishes() {}

    /** R3. */
    static RoomDraft draft(Body body) throws ProblemException {
        var usual = Math.toIntExact(Duration.ofDays(USUAL_DAYS).toSeconds());
        return new RoomDraft(
                body.text("roomId").orElse(null),
                body.mandatoryJson("matchLock"),
                body.flag("reference"),
                keys(body),
                transport(body),
                pieces(body),
                Duration.ofSeconds(body.integer("validFor", 1, MOST_SECONDS).orElse(usual)));
    }

    private static Map<String, String> keys(Body body) throws ProblemException {
        var keys = new LinkedHashMap<String, String>();
        for (var user : body.objectsByName("users", "publicSignatureKey").entrySet()) {
            keys.put(user.getKey(), user.getValue().mandatoryText("publicSignatureKey"));
        }
        return keys;
    }

    private static URI transport(Body body) throws ProblemException {
        try {
            return new URI(body.mandatoryText("transport"));
        } catch (URISyntaxException e) {
            throw ProblemException.malformed("\"transport\" is no address: " + e.getReason() + ".");
        }
    }

    private static @Nullable Map<String, Set<String>> pieces(Body body) throws ProblemException {
        if (!body.has("pieces")) {
            return null;
        }
        var expected = new LinkedHashMap<String, Set<String>>();
        body.textListsByName("pieces")
                .forEach((collection, ids) -> expected.put(collection, new LinkedHashSet<>(ids)));
        return expected;
    }

    /**
     * R8.
     *
     * @param downloads whoever comes over the network chooses folders below this one only (S3)
     */
    static JoinRequest join(Body body, Path downloads) throws ProblemException {
        var deadline = body.integer("deadline", 1, MOST_SECONDS);
        return JoinRequest.of(body.mandatoryJson("room"), body.mandatoryText("user"))
                .folder(folder(body, downloads))
                .matchLock(body.json("matchLock").orElse(null))
                .deadline(deadline.isPresent() ? Duration.ofSeconds(deadline.getAsInt()) : null)
                .minimumSpeed(body.number("minimumSpeed", 0, Long.MAX_VALUE).orElse(0))
                .abortOnFailure(body.flag("abortOnFailure"))
                .fromMembers(body.flag("fromMembers"));
    }

    private static @Nullable Path folder(Body body, Path downloads) throws ProblemException {
        var directory = body.text("directory").orElse(null);
        try {
            return directory == null ? null : SafeNames.resolve(downloads, directory);
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed(
                    "\"directory\" is a folder below that of the downloads: "
                            + e.getMessage()
                            + ".");
        }
    }

    /** Joins, and gives the room as soon as it is one: what is wrong with its file is told. */
    static Promise<Room> begun(Rooms rooms, JoinRequest request) throws ProblemException {
        var id = id(rooms, request);
        return rooms.join(request)
                .timeout(CHECKED.toMillis())
                .recoverWith(
                        failed -> {
                            var failure = failed.getFailure();
                            var room =
                                    failure instanceof TimeoutException
                                            ? rooms.get(id)
                                            : Optional.<Room>empty();
                            return room.isPresent()
                                    ? Promises.resolved(room.get())
                                    : Promises.failed(Failures.problem(failure));
                        });
    }

    private static String id(Rooms rooms, JoinRequest request) throws ProblemException {
        try {
            return rooms.id(request.roomFile());
        } catch (RoomException e) {
            throw Failures.problem(e);
        }
    }
}
