package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.secret.spi.Secrets;
import java.io.IOException;
import java.security.KeyPair;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The keys of this host's users, kept with the secrets (S7). Safe for any number of threads; each
 * call reads one small secret, the first for a user writes it.
 *
 * <p>A secret holds the public key, a space, and the base64url of the 32 bytes of the seed.
 */
public final class Identities {
    /** What stays a name of its own on file systems that do not tell case, or eat final dots. */
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?");

    private final Secrets secrets;

    /** Keys that are being made; of callers at once the first makes one and the others wait. */
    private final ConcurrentHashMap<String, CompletableFuture<KeyPair>> making =
            new ConcurrentHashMap<>();

    /**
     * Uses secrets.
     *
     * @param secrets where keys lie
     */
    public Identities(Secrets secrets) {
        this.secrets = secrets;
    }

    /**
     * The key of a user, made if there is none; of callers at once one makes it.
     *
     * @param user a user id
     * @return both halves
     * @throws RoomException with INVALID if that is no id, FAILED if it cannot be read or kept
     */
    public KeyPair make(String user) throws RoomException {
        var name = secretName(user);
        var mine = new CompletableFuture<KeyPair>();
        var others = making.putIfAbsent(name, mine);
        if (others != null) {
            return awaitMade(others, user);
        }
        try {
            var keys = read(name, user);
            var pair = keys.isPresent() ? keys.get() : write(name);
            mine.complete(pair);
            return pair;
        } catch (IOException e) {
            throw failed(user, e);
        } finally {
            // Where none was made, whoever waits is told so; and the next caller tries again.
            mine.completeExceptionally(new IOException("It could not be read or kept"));
            making.remove(name, mine);
        }
    }

    /**
     * The key of a user.
     *
     * @param user a user id
     * @return both halves, or empty if none was made
     * @throws RoomException with INVALID if that is no id, FAILED if it cannot be read
     */
    public Optional<KeyPair> find(String user) throws RoomException {
        try {
            return read(secretName(user), user);
        } catch (IOException e) {
            throw failed(user, e);
        }
    }

    private Optional<KeyPair> read(String name, String user) throws IOException, RoomException {
        var secret = secrets.get("file:" + name);
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        var halves = secret.get().strip().split(" ", 2);
        try {
            return Optional.of(Keys.pair(halves[0], halves.length == 2 ? halves[1] : ""));
        } catch (IllegalArgumentException e) {
            throw new RoomException(
                    Reason.FAILED,
                    "The secret " + name + " of user " + user + " " + e.getMessage(),
                    null);
        }
    }

    private KeyPair write(String name) throws IOException {
        var pair = Keys.generate();
        secrets.put(name, Keys.text(pair.getPublic()) + " " + Keys.seed(pair.getPrivate()));
        return pair;
    }

    private static KeyPair awaitMade(CompletableFuture<KeyPair> others, String user)
            throws RoomException {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw failed(user, e);
        }
    }

    private static RoomException failed(String user, Exception cause) {
        return new RoomException(
                Reason.FAILED, "The key of user " + user + " cannot be read or kept", cause);
    }

    private static String secretName(String user) throws RoomException {
        if (!Text.isId(user)) {
            throw new RoomException(
                    Reason.INVALID,
                    "A user is named by 1 to 128 characters without control and path characters",
                    null);
        }
        return PLAIN.matcher(user).matches()
                ? "room-user-" + user
                : "room-user.sha256-" + Sha256.hex(user);
    }
}
