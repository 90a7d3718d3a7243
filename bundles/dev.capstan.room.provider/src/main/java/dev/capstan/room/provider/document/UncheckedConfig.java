package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import dev.capstan.room.provider.document.MatchLock.Piece;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a room file, well-formed, whoever signed it.
 *
 * @param roomId its id
 * @param matchLock the match lock, or null if the file names it by its digest only
 * @param matchLockDigest that digest
 * @param pieces expected piece ids by collection
 * @param users keys by user id
 * @param address who makes the room and where it listens
 * @param expires from when on nobody may join
 */
record UncheckedConfig(
        String roomId,
        @Nullable MatchLock matchLock,
        String matchLockDigest,
        Map<String, List<String>> pieces,
        Map<String, PublicKey> users,
        Address address,
        Instant expires) {

    static final String KEY = "publicSignatureKey";
    static final Pointer KEYS = Pointer.ROOT.member("config").member("users");

    private static final Pointer RESTRICTION = Pointer.ROOT.member("config").member("restriction");
    private static final Pointer PIECES = Pointer.ROOT.member("config").member("pieces");
    private static final int MOST_USERS = 1_000;

    /** How each user stands with each piece: what every host keeps, and is told on joining. */
    private static final int MOST_STATES = 100_000;

    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)Z");

    static UncheckedConfig read(@Nullable Object value, Pointer at) throws RoomException {
        var fields =
                Fields.of(
                        value,
                        at,
                        Set.of(
                                "version",
                                "roomId",
                                "restriction",
                                "pieces",
                                "users",
                                "transport",
                                "expires"),
                        Set.of());
        fields.checkVersion();
        var roomId = Text.id(fields.string("roomId"), fields.at("roomId"));
        var embedded =
                fields.value("restriction") instanceof Map<?, ?> object
                        ? MatchLockReader.read(object, fields.at("restriction"))
                        : null;
        var digest =
                embedded == null
                        ? Sha256.checked(fields.string("restriction"), fields.at("restriction"))
                        : embedded.digest();
        var users = users(Fields.map(fields.value("users"), fields.at("users")));
        var pieces = pieces(Fields.map(fields.value("pieces"), fields.at("pieces")));
        var count = pieces.values().stream().mapToInt(List::size).sum();
        if (users.size() * (long) count > MOST_STATES) {
            throw PIECES.invalid(
                    "names "
                            + count
                            + " pieces for "
                            + users.size()
                            + " users; the product may be "
                            + MOST_STATES
                            + " at most");
        }
        var config =
                new UncheckedConfig(
                        roomId,
                        embedded,
                        digest,
                        pieces,
                        users,
                        address(fields, roomId, users.keySet()),
                        time(fields));
        if (embedded != null) {
            config.expected(embedded);
        }
        return config;
    }

    /** The configuration with the pieces of its match lock, once its signatures are checked. */
    RoomConfig resolve(@Nullable String given, String digest) throws RoomException {
        var lock = given == null ? matchLock : MatchLock.parse(given);
        if (lock == null) {
            throw RESTRICTION.invalid(
                    "names the match lock by its SHA-256 only, so that document is needed too");
        }
        if (!lock.digest().equals(matchLockDigest)) {
            throw RESTRICTION.invalid("means another match lock than the one that was given");
        }
        return new RoomConfig(
                roomId,
                digest,
                lock.engine(),
                expected(lock),
                users,
                address.uri(),
                address.maker(),
                expires);
    }

    private List<Piece> expected(MatchLock lock) throws RoomException {
        var expected = new ArrayList<Piece>();
        for (var entry : pieces.entrySet()) {
            var at = PIECES.member(entry.getKey());
            var collection = lock.collections().get(entry.getKey());
            if (collection == null) {
                throw at.invalid("is no collection of the match lock");
            }
            var known = new HashMap<String, Piece>();
            collection.pieces().forEach(piece -> known.put(piece.id(), piece));
            for (var i = 0; i < entry.getValue().size(); i++) {
                var piece = known.get(entry.getValue().get(i));
                if (piece == null) {
                    throw at.element(i).invalid("is no piece of that collection");
                }
                expected.add(piece);
            }
        }
        return expected;
    }

    private static Map<String, List<String>> pieces(Fields named) throws RoomException {
        var pieces = new LinkedHashMap<String, List<String>>();
        var seen = new HashSet<String>();
        for (var collection : named.names()) {
            var at = Text.pointed(collection, named.at(collection));
            var ids = named.strings(collection, MatchLockReader.MOST_PIECES);
            for (var i = 0; i < ids.size(); i++) {
                if (!seen.add(Text.id(ids.get(i), at.element(i)))) {
                    throw at.element(i).invalid("is named twice");
                }
            }
            pieces.put(collection, List.copyOf(ids));
        }
        if (seen.isEmpty()) {
            throw PIECES.invalid("must name a piece");
        }
        return pieces;
    }

    private static Map<String, PublicKey> users(Fields named) throws RoomException {
        if (named.names().isEmpty() || named.names().size() > MOST_USERS) {
            throw KEYS.invalid("must name 1 to " + MOST_USERS + " users");
        }
        var users = new LinkedHashMap<String, PublicKey>();
        for (var user : named.names()) {
            var at = Text.pointed(user, named.at(user));
            var fields = Fields.of(named.value(user), at, Set.of(KEY), Set.of());
            try {
                users.put(user, Keys.publicKey(fields.string(KEY)));
            } catch (IllegalArgumentException e) {
                throw fields.at(KEY).invalid(e);
            }
        }
        return users;
    }

    private static Address address(Fields fields, String roomId, Set<String> users)
            throws RoomException {
        var at = fields.at("transport");
        var address = Address.parse(fields.string("transport"), at);
        if (!users.contains(address.maker())) {
            throw at.invalid("must name one of the users as the one who makes the room");
        }
        if (address.room() != null && !address.room().equals(roomId)) {
            throw at.invalid("names another room than roomId does");
        }
        return address;
    }

    private static Instant time(Fields fields) throws RoomException {
        var time = TIME.matcher(fields.string("expires"));
        try {
            if (time.matches()) {
                return LocalDateTime.parse(time.group(1)).toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeException e) {
            // Told like any other wrong text.
        }
        throw fields.at("expires").invalid("must be a time such as 2026-01-31T12:00:00Z");
    }
}
