package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.Percent;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.RoomJson;
import dev.capstan.name.DataFolder;
import dev.capstan.room.Room;
import dev.capstan.room.RoomException;
import dev.capstan.room.Rooms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Rooms: their files are made here (R3), and joined, watched and left. */
@Component
public final class RoomRoutes implements Routes {
    private static final String ONE = "/rooms/{id}";
    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final Path downloads;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Rooms rooms;

    /** Takes where the folders of pieces may lie. */
    @Activate
    public RoomRoutes(BundleContext context) {
        downloads = DataFolder.of(context).downloads();
    }

    @Override
    public void addTo(Router router) {
        router.add("POST", "/rooms", this::create)
                .add("GET", "/rooms", Scope.READ, this::list)
                .add("POST", "/rooms/join", this::join)
                .add("GET", ONE, Scope.READ, this::one)
                .add("DELETE", ONE, this::leave)
                .add("POST", ONE + "/pieces/{piece}/retry", this::retry);
    }

    /** R3. What is answered is a room file to be signed by all; nothing is kept of it here. */
    private Reply create(Call call) throws ProblemException, IOException {
        call.query();
        var body =
                call.body(
                        "roomId",
                        "matchLock",
                        "reference",
                        "users",
                        "transport",
                        "pieces",
                        "validFor");
        var wish = RoomWishes.draft(body);
        try {
            return new Reply(201, "application/json", rooms().create(wish));
        } catch (RoomException e) {
            throw Failures.problem(e);
        }
    }

    /** R8. It goes on by itself; what comes of it is seen at the room. */
    private Answer join(Call call) throws ProblemException, IOException {
        call.query();
        var body =
                call.body(
                        "room",
                        "user",
                        "directory",
                        "matchLock",
                        "deadline",
                        "minimumSpeed",
                        "abortOnFailure",
                        "fromMembers");
        var joining = RoomWishes.join(body, downloads);
        return Answer.later(
                RoomWishes.begun(rooms(), joining),
                room ->
                        Reply.json(202, RoomJson.of(room))
                                .with("Location", "/api/v1/rooms/" + Percent.encode(room.id())));
    }

    private Reply list(Call call) throws ProblemException {
        call.query();
        return Reply.json(200, RoomJson.list(rooms().list()));
    }

    private Reply one(Call call) throws ProblemException {
        call.query();
        return Reply.json(200, RoomJson.of(room(call)));
    }

    private Answer leave(Call call) throws ProblemException {
        call.query();
        var left = Failures.told(rooms().leave(room(call).id()), LEAVING);
        return Answer.later(left, room -> Reply.empty(204));
    }

    /** R11. */
    private Reply retry(Call call) throws ProblemException, IOException {
        call.query();
        call.body();
        var room = room(call);
        var own = room.members().get(room.user());
        var piece = call.named("piece");
        if (own == null || !own.pieces().containsKey(piece)) {
            throw ProblemException.notFound("This room expects no piece of this id.");
        }
        if (!rooms().retry(room.id(), piece)) {
            throw new ProblemException(
                    409, "ILLEGAL_MOVE", "Only a piece that has failed can be tried again.");
        }
        return Reply.json(202, RoomJson.of(room(call)));
    }

    private Room room(Call call) throws ProblemException {
        return rooms().get(call.named("id"))
                .orElseThrow(() -> ProblemException.notFound("This host is in no such room."));
    }

    private Rooms rooms() throws ProblemException {
        return ProblemException.present(rooms, "rooms");
    }
}
