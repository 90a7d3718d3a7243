package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.room.Room;
import dev.capstan.room.RoomException;
import dev.capstan.room.Rooms;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.osgi.util.promise.Promise;

/** Rooms by what people call them, and what they are told where something fails. */
final class RoomNames {
    private static final int NOT_FOUND = 3;
    private static final int NETWORK = 6;

    private RoomNames() {}

    /** The one room of an id, or of which the id begins so. */
    static Room resolve(Rooms rooms, String word) throws CommandException {
        var exact = rooms.get(word);
        if (exact.isPresent()) {
            return exact.get();
        }
        var found =
                word.isEmpty()
                        ? List.<Room>of()
                        : rooms.list().stream().filter(room -> room.id().startsWith(word)).toList();
        if (found.isEmpty()) {
            throw new CommandException(
                    NOT_FOUND, "This host is in no room \"" + Text.clean(word) + "\".");
        }
        if (found.size() > 1) {
            throw CommandException.usage(
                    "\"" + Text.clean(word) + "\" is how several rooms begin; write more of it.");
        }
        return found.get(0);
    }

    /** What a promise keeps, or the sentence it broke with. */
    static <T> T await(Promise<T> promise) throws CommandException, InterruptedException {
        try {
            return promise.getValue();
        } catch (InvocationTargetException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof RoomException fault
                    ? of(fault)
                    : CommandException.failed(CommandException.sentence(cause));
        }
    }

    /** A fault with the exit code that downloads have for the same. */
    static CommandException of(RoomException fault) {
        var exit =
                switch (fault.reason()) {
                    case INVALID -> ExitCode.USAGE;
                    case NOT_SIGNED, REFUSED -> ExitCode.ACCOUNT;
                    case NOT_FOUND -> NOT_FOUND;
                    case UNREACHABLE -> NETWORK;
                    case FAILED -> ExitCode.FAILED;
                };
        return new CommandException(exit, CommandException.sentence(fault));
    }
}
