package dev.capstan.admin.rest.events;

import dev.capstan.admin.rest.json.Fields;
import dev.capstan.admin.rest.json.HostJson;
import dev.capstan.admin.rest.json.RecordJson;
import dev.capstan.admin.rest.json.RoomJson;
import dev.capstan.event.Topics;
import dev.capstan.host.Account;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Playtime;
import dev.capstan.room.Room;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.service.event.Event;

/** What clients are told of an event as it happens, beside those of downloads. */
final class Telling {
    private static final String PREFIX = "dev/capstan/";

    private Telling() {}

    /** The message's type: the topic in the words of the wire. */
    static String type(Event event) {
        return type(event.getTopic());
    }

    static String type(String topic) {
        return topic.substring(PREFIX.length()).replace('/', '.').toLowerCase(Locale.ROOT);
    }

    /** The message's fields; null for an event that is told to nobody. */
    static @Nullable JsonObject of(Event event) {
        return switch (event.getTopic()) {
            case Topics.RECORD_ETCHED, Topics.RECORD_REMOVED, Topics.RECORD_PLAYING ->
                    record(event);
            case Topics.HOST_ADDED, Topics.HOST_REMOVED, Topics.HOST_ACCOUNT -> host(event);
            case Topics.CONTENT_EVICTED ->
                    new Fields()
                            .put("sha256", text(event, Topics.DIGEST))
                            .put("size", (Long) event.getProperty(Topics.SIZE))
                            .object();
            case Topics.ROOM_MEMBER, Topics.ROOM_FINISHED, Topics.ROOM_CLOSED -> room(event);
            case Topics.FEATURE_CHANGED -> JsonValue.EMPTY_JSON_OBJECT;
            default -> null;
        };
    }

    private static @Nullable JsonObject record(Event event) {
        if (!(event.getProperty(Topics.RECORD) instanceof EtchedRecord record)) {
            return null;
        }
        var fields = new Fields().put("record", RecordJson.of(record, null));
        if (event.getProperty(Topics.PLAYTIME) instanceof Playtime playtime) {
            fields.put("playtime", RecordJson.of(playtime));
        }
        return fields.object();
    }

    private static JsonObject host(Event event) {
        var fields = new Fields().put("host", text(event, Topics.HOST));
        if (event.getProperty(Topics.ACCOUNT) instanceof Account account) {
            // What it is made of is asked over REST.
            var told = Json.createObjectBuilder(HostJson.account(account, List.of()));
            fields.put("account", told.remove("fields").build());
        }
        return fields.object();
    }

    private static @Nullable JsonObject room(Event event) {
        return event.getProperty(Topics.ROOM) instanceof Room room ? of(room) : null;
    }

    /** What is told of a room, whatever happened in it: all of it. */
    static JsonObject of(Room room) {
        return new Fields().put("room", RoomJson.of(room)).object();
    }

    private static @Nullable String text(Event event, String property) {
        return event.getProperty(property) instanceof String text ? text : null;
    }
}
