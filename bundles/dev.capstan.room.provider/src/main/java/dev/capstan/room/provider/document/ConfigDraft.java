package dev.capstan.room.provider.document;

import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.provider.document.MatchLock.Selection;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the configuration that a draft means; whoever reads it checks the rest (R3). */
final class ConfigDraft {
    private static final Pointer CONFIG = Pointer.ROOT.member("config");
    private static final Duration LONGEST = Duration.ofDays(3_660);

    private ConfigDraft() {}

    static Map<String, @Nullable Object> config(RoomDraft draft, Instant now) throws RoomException {
        var document = StrictJson.object(draft.matchLock(), StrictJson.DOCUMENT);
        var lock = MatchLockReader.read(document, Pointer.ROOT);
        var transport = draft.transport().toString();
        var config = new LinkedHashMap<String, @Nullable Object>();
        config.put("version", 1L);
        config.put("roomId", roomId(draft, transport));
        config.put("restriction", draft.byReference() ? lock.digest() : document);
        config.put("pieces", pieces(draft, lock));
        config.put("users", users(draft.keys()));
        config.put("transport", transport);
        config.put("expires", expires(draft.validFor(), now));
        return config;
    }

    private static String roomId(RoomDraft draft, String transport) throws RoomException {
        if (draft.roomId() != null) {
            return draft.roomId();
        }
        var named = Address.parse(transport, CONFIG.member("transport")).room();
        if (named != null) {
            return named;
        }
        var random = new byte[10];
        new SecureRandom().nextBytes(random);
        return "room-" + HexFormat.of().formatHex(random);
    }

    /** In the order of the match lock; a name that it does not have goes last and is refused. */
    private static Map<String, List<String>> pieces(RoomDraft draft, MatchLock lock) {
        var pieces = new LinkedHashMap<String, List<String>>();
        var wanted = draft.expected();
        lock.collections()
                .forEach(
                        (id, collection) -> {
                            var all =
                                    collection.pieces().stream().map(MatchLock.Piece::id).toList();
                            if (wanted == null && collection.selection() == Selection.MANDATORY) {
                                pieces.put(id, all);
                            } else if (wanted != null && wanted.containsKey(id)) {
                                pieces.put(id, ordered(all, wanted.get(id)));
                            }
                        });
        if (wanted != null) {
            wanted.forEach((id, named) -> pieces.putIfAbsent(id, List.copyOf(named)));
        }
        return pieces;
    }

    private static List<String> ordered(List<String> all, Set<String> wanted) {
        var ordered = new ArrayList<>(all);
        ordered.retainAll(wanted);
        wanted.stream().filter(id -> !all.contains(id)).sorted().forEach(ordered::add);
        return ordered;
    }

    private static Map<String, Map<String, String>> users(Map<String, String> keys) {
        var users = new LinkedHashMap<String, Map<String, String>>();
        keys.forEach((user, key) -> users.put(user, Map.of(UncheckedConfig.KEY, key)));
        return users;
    }

    private static String expires(Duration validFor, Instant now) throws RoomException {
        var at = CONFIG.member("expires");
        if (validFor.toSeconds() < 1 || validFor.compareTo(LONGEST) > 0) {
            throw at.invalid("must lie 1 second to " + LONGEST.toDays() + " days from now");
        }
        return now.plus(validFor).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
