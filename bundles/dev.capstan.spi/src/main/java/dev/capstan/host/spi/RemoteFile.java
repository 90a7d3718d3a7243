package dev.capstan.host.spi;

import dev.capstan.content.Digest;
import dev.capstan.content.Pieces;
import dev.capstan.content.SourceKey;
import dev.capstan.decrypt.spi.CipherSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that can be fetched now. Made with {@link #of} and its chained setters by one thread; not
 * changed once returned.
 */
public final class RemoteFile {
    private final SourceKey key;
    private final List<DirectLink> links = new ArrayList<>();
    private @Nullable String name;
    private boolean nameIsGuess;
    private @Nullable Long size;
    private final Set<Digest> digests = new HashSet<>();
    private @Nullable Pieces pieces;
    private @Nullable CipherSpec cipher;
    private @Nullable String mediaType;
    private @Nullable String revision;
    private @Nullable Instant expires;
    private boolean linksExpire;
    private int maxConnections;
    private @Nullable String folder;
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private RemoteFile(SourceKey key) {
        this.key = key;
    }

    /**
     * A file with one direct link.
     *
     * @param key names the bytes
     * @param link where they are now
     * @return a new file
     */
    public static RemoteFile of(SourceKey key, DirectLink link) {
        return new RemoteFile(key).link(link);
    }

    /**
     * A file without a direct link, since none was asked for (R7): for {@link
     * ResolveContext.Purpose#PREVIEW} and {@link ResolveContext.Purpose#EXPAND} only.
     *
     * @param key names the bytes
     * @return a new file
     */
    public static RemoteFile unlinked(SourceKey key) {
        return new RemoteFile(key);
    }

    /**
     * Adds a direct link of the same bytes; earlier ones are preferred.
     *
     * @param value where the bytes are too
     * @return this
     */
    public RemoteFile link(DirectLink value) {
        links.add(value);
        return this;
    }

    /**
     * Names the file as the host knows it.
     *
     * @param value a name; made safe by the caller (S3)
     * @return this
     */
    public RemoteFile name(String value) {
        name = value;
        nameIsGuess = false;
        return this;
    }

    /**
     * Guesses a name that the answer's own, where it has one, replaces.
     *
     * @param value a name; made safe by the caller (S3)
     * @return this
     */
    public RemoteFile guessedName(String value) {
        name = value;
        nameIsGuess = true;
        return this;
    }

    /**
     * Promises the size of the wire bytes.
     *
     * @param value bytes
     * @return this
     */
    public RemoteFile size(long value) {
        size = value;
        return this;
    }

    /**
     * Promises a digest of the plain bytes.
     *
     * @param value the digest
     * @return this
     */
    public RemoteFile digest(Digest value) {
        digests.add(value);
        return this;
    }

    /**
     * Promises digests of the pieces of the wire bytes.
     *
     * @param value the pieces
     * @return this
     */
    public RemoteFile pieces(Pieces value) {
        pieces = value;
        return this;
    }

    /**
     * Says how the wire bytes are enciphered.
     *
     * @param value the cipher
     * @return this
     */
    public RemoteFile cipher(CipherSpec value) {
        cipher = value;
        return this;
    }

    /**
     * Tells the media type.
     *
     * @param value for example {@code audio/mpeg}
     * @return this
     */
    public RemoteFile mediaType(String value) {
        mediaType = value;
        return this;
    }

    /**
     * Tells the revision of the bytes: equal revisions of one source key are equal bytes.
     *
     * @param value the revision
     * @return this
     */
    public RemoteFile revision(String value) {
        revision = value;
        return this;
    }

    /**
     * Says that the links stop working, and when if that is known: a 403 or 410 then means
     * LINK_EXPIRED and a new resolve.
     *
     * @param value when, or null if unknown
     * @return this
     */
    public RemoteFile expires(@Nullable Instant value) {
        expires = value;
        linksExpire = true;
        return this;
    }

    /**
     * Limits the connections for this file.
     *
     * @param value most connections, 0 for no limit
     * @return this
     */
    public RemoteFile maxConnections(int value) {
        maxConnections = value;
        return this;
    }

    /**
     * Suggests a relative folder.
     *
     * @param value made safe by the caller (S3)
     * @return this
     */
    public RemoteFile folder(String value) {
        folder = value;
        return this;
    }

    /**
     * Tells something about the content.
     *
     * @param field for example {@code artist}
     * @param value its value
     * @return this
     */
    public RemoteFile metadata(String field, String value) {
        metadata.put(field, value);
        return this;
    }

    /**
     * Names the bytes.
     *
     * @return the key
     */
    public SourceKey key() {
        return key;
    }

    /**
     * Where the bytes are now, preferred first.
     *
     * @return at least one, but for an {@link #unlinked} file
     */
    public List<DirectLink> links() {
        return List.copyOf(links);
    }

    /**
     * The name.
     *
     * @return null if the host knows none
     */
    public @Nullable String name() {
        return name;
    }

    /**
     * Whether an answer may give a better name.
     *
     * @return true for a guess
     */
    public boolean nameIsGuess() {
        return nameIsGuess;
    }

    /**
     * The promised size of the wire bytes.
     *
     * @return null if unknown
     */
    public @Nullable Long size() {
        return size;
    }

    /**
     * The promised digests of the plain bytes.
     *
     * @return an immutable copy
     */
    public Set<Digest> digests() {
        return Set.copyOf(digests);
    }

    /**
     * The promised digests of the pieces of the wire bytes.
     *
     * @return null if there are none
     */
    public @Nullable Pieces pieces() {
        return pieces;
    }

    /**
     * The cipher.
     *
     * @return null if the wire bytes are plain
     */
    public @Nullable CipherSpec cipher() {
        return cipher;
    }

    /**
     * The media type.
     *
     * @return null if unknown
     */
    public @Nullable String mediaType() {
        return mediaType;
    }

    /**
     * The revision.
     *
     * @return null if unknown
     */
    public @Nullable String revision() {
        return revision;
    }

    /**
     * When the links stop working.
     *
     * @return null if unknown or never
     */
    public @Nullable Instant expires() {
        return expires;
    }

    /**
     * Whether the links stop working at some time.
     *
     * @return whether a new resolve helps against 403 and 410
     */
    public boolean linksExpire() {
        return linksExpire;
    }

    /**
     * Most connections.
     *
     * @return 0 for no limit
     */
    public int maxConnections() {
        return maxConnections;
    }

    /**
     * The suggested relative folder.
     *
     * @return null if none
     */
    public @Nullable String folder() {
        return folder;
    }

    /**
     * What is known of the content.
     *
     * @return an immutable copy
     */
    public Map<String, String> metadata() {
        return Map.copyOf(metadata);
    }
}
