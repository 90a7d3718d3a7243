package dev.capstan.admin.rest.json;

import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import dev.capstan.room.Room.Progress;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rooms: who is there, and how far each is with each piece (R10). */
public final class RoomJson {

    private RoomJson() {}

    /** A room. */
    public static JsonObject of(Room room) {
        var members = new Fields();
        room.members().forEach((user, member) -> members.put(user, member(member)));
        return new Fields()
                .put("roomId", room.id())
                .put("user", room.user())
                .put("state", room.state())
                .put("reason", room.reason())
                .put("joined", room.joined())
                .put("members", members)
                .put("warnings", Fields.texts(room.warnings()))
                .put("result", result(room.result()))
                .object();
    }

    /** Rooms as a list. */
    public static JsonObject list(Collection<Room> rooms) {
        return new Fields()
                .put("items", Fields.list(rooms.stream().map(RoomJson::of).toList()))
                .object();
    }

    private static Fields member(Member member) {
        var pieces = new Fields();
        member.pieces().forEach((piece, progress) -> pieces.put(piece, progress(progress)));
        return new Fields().put("connected", member.connected()).put("pieces", pieces);
    }

    private static Fields progress(Progress progress) {
        var fields = new Fields().put("status", progress.status()).put("bytes", progress.bytes());
        if (progress.total() >= 0) {
            fields.put("total", progress.total());
        }
        return fields.put("error", progress.error());
    }

    /** R12: there is none before all are finished. */
    private static @Nullable Fields result(Map<String, Path> folders) {
        if (folders.isEmpty()) {
            return null;
        }
        var result = new Fields();
        folders.forEach((piece, folder) -> result.put(piece, folder.toString()));
        return result;
    }
}
