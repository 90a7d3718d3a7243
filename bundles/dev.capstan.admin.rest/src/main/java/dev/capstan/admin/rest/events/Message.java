package dev.capstan.admin.rest.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message as it goes over the wire: encoded once, and shared by all clients and by what is kept
 * for those that come back. Immutable.
 */
final class Message {

    /** One download of a message, encoded. */
    record Item(String id, byte[] json) {

        static Item of(String id, JsonObject json) {
            return new Item(id, json.toString().getBytes(UTF_8));
        }
    }

    /** Where a download lies in the whole. */
    private record Place(String id, int from, int to) {}

    private final long rev;
    private final byte[] whole;

    /** Of the downloads, in order; empty where the message is about something else. */
    private final List<Place> places;

    private Message(long rev, byte[] whole, List<Place> places) {
        this.rev = rev;
        this.whole = whole;
        this.places = places;
    }

    /** A message that everybody gets. */
    static Message of(String type, long rev, JsonObject fields) {
        var text = head(type, rev) + (fields.isEmpty() ? "" : ",") + inside(fields) + "}";
        return new Message(rev, text.getBytes(UTF_8), List.of());
    }

    /**
     * A message with a list of downloads.
     *
     * @param more what it says beside them
     */
    static Message ofDownloads(String type, long rev, List<Item> items, JsonObject more) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes((head(type, rev) + ",\"downloads\":[").getBytes(UTF_8));
        var places = new ArrayList<Place>(items.size());
        for (var item : items) {
            if (!places.isEmpty()) {
                bytes.write(',');
            }
            var from = bytes.size();
            bytes.writeBytes(item.json);
            places.add(new Place(item.id, from, bytes.size()));
        }
        bytes.writeBytes(("]" + (more.isEmpty() ? "" : ",") + inside(more) + "}").getBytes(UTF_8));
        return new Message(rev, bytes.toByteArray(), List.copyOf(places));
    }

    private static String head(String type, long rev) {
        return "{\"type\":\"" + type + "\",\"rev\":" + rev;
    }

    private static String inside(JsonObject object) {
        var text = object.toString();
        return text.substring(1, text.length() - 1);
    }

    long rev() {
        return rev;
    }

    /** Bytes of the whole. */
    int size() {
        return whole.length;
    }

    /**
     * What a client gets of it.
     *
     * @param ids the downloads it wants, null for all
     * @return null where it is about none of them
     */
    @Nullable ByteBuffer part(@Nullable Set<String> ids) {
        if (ids == null || places.isEmpty()) {
            return ByteBuffer.wrap(whole);
        }
        var wanted = places.stream().filter(place -> ids.contains(place.id)).toList();
        if (wanted.isEmpty()) {
            return null;
        }
        var first = places.get(0);
        var last = places.get(places.size() - 1);
        var bytes = new ByteArrayOutputStream();
        bytes.write(whole, 0, first.from);
        for (var place : wanted) {
            if (bytes.size() > first.from) {
                bytes.write(',');
            }
            bytes.write(whole, place.from, place.to - place.from);
        }
        bytes.write(whole, last.to, whole.length - last.to);
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    @Override
    public String toString() {
        return new String(whole, UTF_8);
    }
}
