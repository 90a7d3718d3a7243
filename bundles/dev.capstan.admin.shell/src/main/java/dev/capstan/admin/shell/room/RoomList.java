package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import java.util.List;

/** {@code rooms}: which rooms this host is in. */
public final class RoomList implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Lists the rooms this host is in, or was in since it started.";

    /** What it may be given. */
    public static final String ARGUMENTS = "";

    private static final Definition DEFINITION =
            new Definition("rooms", SUMMARY, ARGUMENTS, "capstan rooms");

    private final Services services;

    /** Creates the verb. */
    public RoomList(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        call.arguments().noOperands();
        var rooms = services.rooms().list();
        return Answer.of(
                new Listing<Room>(
                        rooms,
                        List.of(
                                Column.left("ROOM", row -> Text.clean(row.id())),
                                Column.<Room>left("STATE", RoomWords::state)
                                        .tinted(RoomWords::tint),
                                Column.left("AS", row -> Text.clean(row.user())),
                                Column.right("HERE", RoomList::here),
                                Column.left("PIECES", RoomList::pieces),
                                Column.cut("NOTE", RoomList::note)),
                        rooms.isEmpty() ? "This host is in no room." : ""));
    }

    private static String here(Room room) {
        var here = room.members().values().stream().filter(Member::connected).count();
        return here + "/" + room.members().size();
    }

    private static String pieces(Room room) {
        var own = room.members().get(room.user());
        return own == null ? "" : RoomWords.pieces(own);
    }

    private static String note(Room room) {
        return room.reason() == null ? "" : Text.clean(room.reason());
    }
}
