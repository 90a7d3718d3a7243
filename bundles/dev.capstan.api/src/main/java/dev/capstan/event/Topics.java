package dev.capstan.event;

/**
 * The topics Capstan posts on the OSGi Event Admin service, and the names of their properties.
 *
 * <p>State events are posted after the state is stored, in order for one download, and never
 * dropped. Progress is one event a second for all downloads that moved. Ids are properties, never
 * part of a topic. Handlers cannot slow a transfer; a handler that is slow loses time, not others'.
 * No event ever carries a secret, a direct link or a header.
 */
public final class Topics {
    /** All topics. */
    public static final String ALL = "dev/capstan/*";

    /** Downloads were added: {@link #DOWNLOADS}, {@link #COUNTS}. */
    public static final String DOWNLOAD_ADDED = "dev/capstan/download/ADDED";

    /** Downloads changed their state, phase or settings: {@link #DOWNLOADS}, {@link #COUNTS}. */
    public static final String DOWNLOAD_STATE = "dev/capstan/download/STATE";

    /** Downloads moved: {@link #DOWNLOADS} with live metrics. */
    public static final String DOWNLOAD_PROGRESS = "dev/capstan/download/PROGRESS";

    /**
     * P14: readers of arriving bytes came, moved or left: {@link #READINGS}, at most once a second.
     */
    public static final String DOWNLOAD_READING = "dev/capstan/download/READING";

    /** Downloads were removed: {@link #DOWNLOADS}, their last snapshots, {@link #COUNTS}. */
    public static final String DOWNLOAD_REMOVED = "dev/capstan/download/REMOVED";

    /** Batches changed, at most once a second each: {@link #BATCHES}. */
    public static final String BATCH_CHANGED = "dev/capstan/batch/CHANGED";

    /** The numbers of the whole queue changed: {@link #STATISTICS}, at most once a second. */
    public static final String STATISTICS_CHANGED = "dev/capstan/statistics/CHANGED";

    /** Content was stored: {@link #DIGEST}, {@link #SIZE}. */
    public static final String CONTENT_COMMITTED = "dev/capstan/content/COMMITTED";

    /** Content was evicted: {@link #DIGEST}, {@link #SIZE}. */
    public static final String CONTENT_EVICTED = "dev/capstan/content/EVICTED";

    /** Damaged content was set aside: {@link #DIGEST}, {@link #REASON}. */
    public static final String CONTENT_QUARANTINED = "dev/capstan/content/QUARANTINED";

    /** A host came: {@link #HOST}. */
    public static final String HOST_ADDED = "dev/capstan/host/ADDED";

    /** A host went: {@link #HOST}. */
    public static final String HOST_REMOVED = "dev/capstan/host/REMOVED";

    /** A host's account changed: {@link #HOST}, {@link #ACCOUNT}. */
    public static final String HOST_ACCOUNT = "dev/capstan/host/ACCOUNT";

    /**
     * A bundle was installed, started, stopped, updated or removed; no properties. One change of a
     * feature may be several events.
     */
    public static final String FEATURE_CHANGED = "dev/capstan/feature/CHANGED";

    /** A record was etched, taken over or etched again: {@link #RECORD}. */
    public static final String RECORD_ETCHED = "dev/capstan/record/ETCHED";

    /** A record was removed: {@link #RECORD}, its last version. */
    public static final String RECORD_REMOVED = "dev/capstan/record/REMOVED";

    /**
     * A playing record was joined, steered or left, or came to another track: {@link #RECORD},
     * {@link #PLAYTIME}, which is not there once nobody listens any more.
     */
    public static final String RECORD_PLAYING = "dev/capstan/record/PLAYING";

    /** A member came or went: {@link #ROOM}. */
    public static final String ROOM_MEMBER = "dev/capstan/room/MEMBER";

    /** A piece moved: {@link #ROOM}. */
    public static final String ROOM_PIECE = "dev/capstan/room/PIECE";

    /** All users have all pieces: {@link #ROOM}. */
    public static final String ROOM_FINISHED = "dev/capstan/room/FINISHED";

    /** A room was left or failed: {@link #ROOM}. */
    public static final String ROOM_CLOSED = "dev/capstan/room/CLOSED";

    /** A list of {@link dev.capstan.download.Download}. */
    public static final String DOWNLOADS = "downloads";

    /**
     * Downloads for each state, at least as new as what the event tells: a map from {@link
     * dev.capstan.download.DownloadState} to Long. Left out where the store did not answer.
     */
    public static final String COUNTS = "counts";

    /** A {@link dev.capstan.download.Statistics}. */
    public static final String STATISTICS = "statistics";

    /** A list of {@link dev.capstan.download.Reading}. */
    public static final String READINGS = "readings";

    /** A list of {@link dev.capstan.download.Batch}. */
    public static final String BATCHES = "batches";

    /** A SHA-256 in hexadecimal. */
    public static final String DIGEST = "digest";

    /** Bytes, a Long. */
    public static final String SIZE = "size";

    /** A sentence. */
    public static final String REASON = "reason";

    /** The id of a host. */
    public static final String HOST = "host";

    /** A {@link dev.capstan.host.Account}. */
    public static final String ACCOUNT = "account";

    /** A {@link dev.capstan.record.EtchedRecord}. */
    public static final String RECORD = "record";

    /** A {@link dev.capstan.record.Playtime}. */
    public static final String PLAYTIME = "playtime";

    /** A {@link dev.capstan.room.Room}. */
    public static final String ROOM = "room";

    private Topics() {}
}
