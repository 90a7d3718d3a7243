package dev.capstan.download;

import dev.capstan.content.Digest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wish to download one link, made with {@link #of(String)} and its chained setters. Not safe for
 * several threads; {@link Downloads#add} reads it before it returns.
 *
 * <p>User information in the link, headers and the link password are secrets: they are kept with
 * the secrets, never in the store, and are no part of any snapshot.
 */
public final class DownloadRequest {
    /** P10: the look-ahead that is configured for streams. */
    public static final long STREAM = DownloadOptions.STREAM;

    private final String link;
    private Trust trust = Trust.NETWORK;
    private @Nullable String fileName;
    private @Nullable Path folder;
    private @Nullable String category;
    private @Nullable String mediaType;
    private int priority;
    private final Set<Digest> promised = new HashSet<>();
    private @Nullable BatchRef batch;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String linkPassword;
    private DownloadOptions options = DownloadOptions.DEFAULT;
    private boolean cacheOnly;
    private @Nullable Long lookAhead;
    private boolean paused;
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private DownloadRequest(String link) {
        this.link = link;
    }

    /**
     * A request for a link, with trust {@link Trust#NETWORK}.
     *
     * @param link any text a host understands
     * @return a new request
     */
    public static DownloadRequest of(String link) {
        return new DownloadRequest(link);
    }

    /**
     * Says who gave the link.
     *
     * @param value the trust
     * @return this
     */
    public DownloadRequest trust(Trust value) {
        trust = value;
        return this;
    }

    /**
     * Chooses the file name; it is made safe (S3) and no answer changes it.
     *
     * @param value a name without folders, or null
     * @return this
     */
    public DownloadRequest fileName(@Nullable String value) {
        fileName = value;
        return this;
    }

    /**
     * Chooses the folder instead of the downloads folder.
     *
     * @param value an absolute folder, or null
     * @return this
     */
    public DownloadRequest folder(@Nullable Path value) {
        folder = value;
        return this;
    }

    /**
     * Chooses the folder under the downloads folder.
     *
     * @param value the category, or null
     * @return this
     */
    public DownloadRequest category(@Nullable String value) {
        category = value;
        return this;
    }

    /**
     * Tells what kind of media it is; the category follows it unless chosen.
     *
     * @param value {@code movie}, {@code tv}, {@code music} or null
     * @return this
     */
    public DownloadRequest mediaType(@Nullable String value) {
        mediaType = value;
        return this;
    }

    /**
     * Sets the priority.
     *
     * @param value higher goes first
     * @return this
     */
    public DownloadRequest priority(int value) {
        priority = value;
        return this;
    }

    /**
     * Demands a digest of the bytes.
     *
     * @param value the digest they must have
     * @return this
     */
    public DownloadRequest promise(Digest value) {
        promised.add(value);
        return this;
    }

    /**
     * Puts the download into a batch.
     *
     * @param value the batch, or null
     * @return this
     */
    public DownloadRequest batch(@Nullable BatchRef value) {
        batch = value;
        return this;
    }

    /**
     * Adds a request header; it stays on the link's origin.
     *
     * @param name the field name
     * @param value the field value
     * @return this
     */
    public DownloadRequest header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /**
     * Gives the password of a protected link.
     *
     * @param value the password, or null
     * @return this
     */
    public DownloadRequest linkPassword(@Nullable String value) {
        linkPassword = value;
        return this;
    }

    /**
     * Says how it is to be run.
     *
     * @param value the options
     * @return this
     */
    public DownloadRequest options(DownloadOptions value) {
        options = value;
        return this;
    }

    /**
     * Says that the bytes are for the store alone: they are verified and kept there, by the store's
     * own limits, and never placed. A download of the same source that is placed stands for it.
     *
     * @param value whether it is never placed
     * @return this
     */
    public DownloadRequest cacheOnly(boolean value) {
        cacheOnly = value;
        return this;
    }

    /**
     * P10: holds the transfer back: it goes no further ahead of its furthest reader than this, plus
     * what is on its way already. One that is for the store alone ends some time after its last
     * reader (P15); one that is placed is held back only while somebody reads. Whoever wants the
     * whole of the same source gets it: then nothing is held back.
     *
     * @param bytes 0 or more, or {@link #STREAM}
     * @return this
     * @throws IllegalArgumentException if it is neither
     */
    public DownloadRequest lookAhead(long bytes) {
        if (bytes < STREAM) {
            throw new IllegalArgumentException("A look-ahead must not be negative");
        }
        lookAhead = bytes;
        return this;
    }

    /**
     * Adds it without starting it.
     *
     * @param value whether it begins in PAUSED
     * @return this
     */
    public DownloadRequest paused(boolean value) {
        paused = value;
        return this;
    }

    /**
     * Tells something about the content.
     *
     * @param name for example {@code artist}
     * @param value its value
     * @return this
     */
    public DownloadRequest metadata(String name, String value) {
        metadata.put(name, value);
        return this;
    }

    /**
     * The link as given.
     *
     * @return the link
     */
    public String link() {
        return link;
    }

    /**
     * Who gave the link.
     *
     * @return the trust
     */
    public Trust trust() {
        return trust;
    }

    /**
     * The chosen file name.
     *
     * @return the name, or null
     */
    public @Nullable String fileName() {
        return fileName;
    }

    /**
     * The chosen folder.
     *
     * @return an absolute folder, or null
     */
    public @Nullable Path folder() {
        return folder;
    }

    /**
     * The chosen category.
     *
     * @return the category, or null
     */
    public @Nullable String category() {
        return category;
    }

    /**
     * The kind of media.
     *
     * @return the media type, or null
     */
    public @Nullable String mediaType() {
        return mediaType;
    }

    /**
     * The priority.
     *
     * @return 0 by default
     */
    public int priority() {
        return priority;
    }

    /**
     * The demanded digests.
     *
     * @return an immutable copy
     */
    public Set<Digest> promised() {
        return Set.copyOf(promised);
    }

    /**
     * The batch.
     *
     * @return the batch, or null
     */
    public @Nullable BatchRef batch() {
        return batch;
    }

    /**
     * The request headers.
     *
     * @return an immutable copy
     */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /**
     * The password of the link.
     *
     * @return the password, or null
     */
    public @Nullable String linkPassword() {
        return linkPassword;
    }

    /**
     * How it is to be run, with {@link #cacheOnly(boolean)} and {@link #lookAhead(long)} in it.
     *
     * @return the options
     */
    public DownloadOptions options() {
        return options.withUse(
                cacheOnly || options.cacheOnly(),
                lookAhead != null ? lookAhead : options.lookAhead());
    }

    /**
     * Whether it begins in PAUSED.
     *
     * @return false by default
     */
    public boolean paused() {
        return paused;
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
