package dev.capstan.room.provider.document;

import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A room file as it was read: well-formed, but not yet to be believed (R1–R3). Immutable; safe for
 * any thread.
 */
public final class RoomFile {
    private final UncheckedConfig config;

    /** The canonical form of the configuration: what is signed. */
    private final String signed;

    private final Map<String, byte[]> signatures;

    private RoomFile(UncheckedConfig config, String signed, Map<String, byte[]> signatures) {
        this.config = config;
        this.signed = signed;
        this.signatures = Collections.unmodifiableMap(signatures);
    }

    /**
     * Reads a room file; signatures are not checked.
     *
     * @param text JSON
     * @return the file
     * @throws RoomException with INVALID and the JSON pointer of what is wrong (R2)
     */
    public static RoomFile parse(String text) throws RoomException {
        var fields =
                Fields.of(
                        StrictJson.object(text, StrictJson.DOCUMENT),
                        Pointer.ROOT,
                        Set.of("config", "signatures"),
                        Set.of());
        var config = UncheckedConfig.read(fields.value("config"), fields.at("config"));
        var named = Fields.map(fields.value("signatures"), fields.at("signatures"));
        var signatures = new TreeMap<String, byte[]>();
        for (var user : named.names()) {
            if (!config.users().containsKey(user)) {
                throw named.at(user).invalid("is signed by nobody of the room's users");
            }
            try {
                signatures.put(user, Keys.decode(named.string(user), Keys.SIGNATURE_BYTES));
            } catch (IllegalArgumentException e) {
                throw named.at(user).invalid(e);
            }
        }
        return new RoomFile(config, CanonicalJson.of(fields.value("config")), signatures);
    }

    /**
     * Makes an unsigned room file (R3).
     *
     * @param draft what it is made of
     * @param now when its validity begins
     * @return the file
     * @throws RoomException with INVALID and a JSON pointer: into the match lock for what is wrong
     *     with that, else into the file that would have come out
     */
    public static RoomFile create(RoomDraft draft, Instant now) throws RoomException {
        return parse(text(CanonicalJson.of(ConfigDraft.config(draft, now)), Map.of()));
    }

    /**
     * Joins the signatures of copies that were signed apart (R3).
     *
     * @param texts copies of one file
     * @return the file with all their signatures
     * @throws RoomException with INVALID if one is none or has another configuration, NOT_SIGNED if
     *     a signature is wrong
     */
    public static RoomFile collect(List<String> texts) throws RoomException {
        if (texts.isEmpty()) {
            throw new RoomException(Reason.INVALID, "There is no room file to collect from", null);
        }
        var first = parse(texts.get(0));
        var signatures = new TreeMap<String, byte[]>();
        for (var i = 0; i < texts.size(); i++) {
            var copy = parse(texts.get(i));
            if (!copy.signed.equals(first.signed)) {
                throw new RoomException(
                        Reason.INVALID,
                        "File " + (i + 1) + " has another configuration than the first",
                        null);
            }
            for (var signature : copy.signatures.entrySet()) {
                first.check(signature.getKey(), signature.getValue());
                signatures.put(signature.getKey(), signature.getValue());
            }
        }
        return new RoomFile(first.config, first.signed, signatures);
    }

    /**
     * Its id.
     *
     * @return an id, for messages before signatures are checked
     */
    public String roomId() {
        return config.roomId();
    }

    /**
     * Adds a signature, in place of an older one.
     *
     * @param user a user of this file
     * @param keys that user's
     * @return the file with it
     * @throws RoomException with NOT_FOUND if there is no such user, INVALID if the key is not the
     *     one the file names
     */
    public RoomFile signed(String user, KeyPair keys) throws RoomException {
        var key = config.users().get(user);
        if (key == null) {
            throw new RoomException(
                    Reason.NOT_FOUND, user + " is no user of room " + config.roomId(), null);
        }
        if (!Keys.text(key).equals(Keys.text(keys.getPublic()))) {
            throw UncheckedConfig.KEYS
                    .member(user)
                    .member(UncheckedConfig.KEY)
                    .invalid("is not the key this host has for that user");
        }
        var added = new TreeMap<>(signatures);
        added.put(user, Keys.sign(bytes(), keys.getPrivate()));
        return new RoomFile(config, signed, added);
    }

    /**
     * Checks all that must hold before anybody sends anything (R1).
     *
     * @param now decides about the expiry
     * @param matchLock the document, where the file names it by its SHA-256 only; one that the file
     *     does not mean is refused
     * @return what was signed
     * @throws RoomException with NOT_SIGNED for a signature or the expiry, else INVALID
     */
    public RoomConfig verify(Instant now, @Nullable String matchLock) throws RoomException {
        for (var user : config.users().keySet()) {
            var signature = signatures.get(user);
            if (signature == null) {
                throw new RoomException(
                        Reason.NOT_SIGNED,
                        user + " has not signed room " + config.roomId() + " yet",
                        null);
            }
            check(user, signature);
        }
        if (!now.isBefore(config.expires())) {
            throw new RoomException(
                    Reason.NOT_SIGNED,
                    "Room " + config.roomId() + " expired at " + config.expires(),
                    null);
        }
        return config.resolve(matchLock, Sha256.hex(signed));
    }

    /**
     * The file.
     *
     * @return JSON in its canonical form, without a line feed at the end
     */
    public String text() {
        var encoded = new TreeMap<String, String>();
        signatures.forEach((user, signature) -> encoded.put(user, Keys.encode(signature)));
        return text(signed, encoded);
    }

    private static String text(String config, Map<String, String> signatures) {
        try {
            // "config" sorts before "signatures".
            return "{\"config\":"
                    + config
                    + ",\"signatures\":"
                    + CanonicalJson.of(signatures)
                    + "}";
        } catch (RoomException e) {
            throw new IllegalStateException("Ids were checked when they were read", e);
        }
    }

    private void check(String user, byte[] signature) throws RoomException {
        var key = config.users().get(user);
        if (key == null || !Keys.isSigned(bytes(), signature, key)) {
            throw new RoomException(
                    Reason.NOT_SIGNED,
                    Pointer.ROOT.member("signatures").member(user).text()
                            + ": does not fit room "
                            + config.roomId()
                            + " and that user's key",
                    null);
        }
    }

    private byte[] bytes() {
        return signed.getBytes(StandardCharsets.UTF_8);
    }
}
