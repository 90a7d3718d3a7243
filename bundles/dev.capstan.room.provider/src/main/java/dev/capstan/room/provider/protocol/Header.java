package dev.capstan.room.provider.protocol;

import dev.capstan.room.RoomException;
import dev.capstan.room.provider.document.CanonicalJson;
import dev.capstan.room.provider.document.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What each message says of itself (R9).
 *
 * @param room the room's id
 * @param session of the sender; fresh whenever it connects, and whenever it opens a room
 * @param user who sends it
 * @param counter rises with every message of that session
 * @param type one of {@link Types}; what is not known is passed over
 * @param fields what this type says besides; texts only
 */
record Header(
        String room,
        String session,
        String user,
        long counter,
        String type,
        Map<String, String> fields) {
    /** Most bytes of it: what a length of two bytes can tell. */
    static final int MAX_BYTES = 0xFFFF;

    Header {
        fields = Map.copyOf(fields);
    }

    /** What a message says besides, or an empty text. */
    String field(String name) {
        return Objects.requireNonNullElse(fields.get(name), "");
    }

    byte[] bytes() {
        var object = new LinkedHashMap<String, @Nullable Object>(fields);
        object.put("room", room);
        object.put("session", session);
        object.put("user", user);
        object.put("counter", counter);
        object.put("type", type);
        try {
            return CanonicalJson.of(object).getBytes(StandardCharsets.UTF_8);
        } catch (RoomException e) {
            throw new IllegalArgumentException("A header holds what no JSON can", e);
        }
    }

    static Header of(byte[] bytes) throws MalformedException {
        try {
            var object = StrictJson.object(new String(bytes, StandardCharsets.UTF_8), MAX_BYTES);
            var room = text(object.remove("room"));
            var session = text(object.remove("session"));
            var user = text(object.remove("user"));
            var type = text(object.remove("type"));
            if (!(object.remove("counter") instanceof Long counter)) {
                throw new MalformedException("A header has no counter");
            }
            var fields = new LinkedHashMap<String, String>();
            for (var each : object.entrySet()) {
                fields.put(each.getKey(), text(each.getValue()));
            }
            return new Header(room, session, user, counter, type, fields);
        } catch (RoomException e) {
            throw new MalformedException("A header is no JSON object");
        }
    }

    private static String text(@Nullable Object value) throws MalformedException {
        if (value instanceof String text) {
            return text;
        }
        throw new MalformedException("A header holds something that is no text");
    }
}
