package dev.capstan.download;

import dev.capstan.content.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of one download. It does not change under the reader; ask {@link
 * Downloads#get} for a newer one. Only engines construct it.
 *
 * <p>It never holds a direct link, a token, a header or a password.
 *
 * @param id a ULID: 26 characters, sorts by age
 * @param kind a file, or a link that lists files
 * @param source where it comes from
 * @param target where it goes
 * @param options how it is to be run
 * @param batch the batch it belongs to, or null; for a listing, the batch it became
 * @param status its state and what led to it
 * @param metrics its moving numbers
 * @param promised digests that its bytes must have
 * @param digest the SHA-256 of its bytes, once verified
 * @param metadata what is known of the content: artist, season, track number …
 * @param secretRef name under which its headers and link password lie with the secrets, or null
 * @param priority higher goes first
 * @param position order among equal priorities, lower goes first
 * @param created when it was added
 * @param updated when its stored row last changed; no two versions of a row have the same
 * @param completed when it was completed, or null
 */
public record Download(
        String id,
        Kind kind,
        Source source,
        Target target,
        DownloadOptions options,
        @Nullable BatchRef batch,
        Status status,
        Metrics metrics,
        Set<Digest> promised,
        @Nullable Digest digest,
        Map<String, String> metadata,
        @Nullable String secretRef,
        int priority,
        long position,
        Instant created,
        Instant updated,
        @Nullable Instant completed) {

    /** What a link turned out to be. */
    public enum Kind {
        /** One file. */
        FILE,
        /** A folder, an album, a list: it became a batch. */
        LISTING
    }

    /** Creates a snapshot; sets and maps are copied. */
    public Download {
        promised = Set.copyOf(promised);
        metadata = Map.copyOf(metadata);
    }

    /**
     * The state; short for {@code status().state()}.
     *
     * @return one of the seven
     */
    public DownloadState state() {
        return status.state();
    }

    /**
     * The name to show: the file's, else the link.
     *
     * @return never empty
     */
    public String displayName() {
        var name = target.name();
        return name != null ? name : source.link();
    }

    /**
     * A builder that starts from this snapshot.
     *
     * @return a new builder
     */
    public Builder copy() {
        return new Builder(this);
    }

    /** Changes parts of a snapshot. Not safe for several threads. */
    public static final class Builder {
        private final Download from;
        private Kind kind;
        private Source source;
        private Target target;
        private DownloadOptions options;
        private @Nullable BatchRef batch;
        private Status status;
        private Metrics metrics;
        private Set<Digest> promised;
        private @Nullable Digest digest;
        private Map<String, String> metadata;
        private @Nullable String secretRef;
        private int priority;
        private long position;
        private Instant updated;
        private @Nullable Instant completed;

        private Builder(Download from) {
            this.from = from;
            kind = from.kind;
            source = from.source;
            target = from.target;
            options = from.options;
            batch = from.batch;
            status = from.status;
            metrics = from.metrics;
            promised = from.promised;
            digest = from.digest;
            metadata = from.metadata;
            secretRef = from.secretRef;
            priority = from.priority;
            position = from.position;
            updated = from.updated;
            completed = from.completed;
        }

        /**
         * Sets what the link turned out to be.
         *
         * @param value the kind
         * @return this
         */
        public Builder kind(Kind value) {
            kind = value;
            return this;
        }

        /**
         * Sets where it comes from.
         *
         * @param value the source
         * @return this
         */
        public Builder source(Source value) {
            source = value;
            return this;
        }

        /**
         * Sets where it goes.
         *
         * @param value the target
         * @return this
         */
        public Builder target(Target value) {
            target = value;
            return this;
        }

        /**
         * Sets how it is to be run.
         *
         * @param value the options
         * @return this
         */
        public Builder options(DownloadOptions value) {
            options = value;
            return this;
        }

        /**
         * Sets the batch.
         *
         * @param value the batch, or null
         * @return this
         */
        public Builder batch(@Nullable BatchRef value) {
            batch = value;
            return this;
        }

        /**
         * Sets the status.
         *
         * @param value the status
         * @return this
         */
        public Builder status(Status value) {
            status = value;
            return this;
        }

        /**
         * Sets the moving numbers.
         *
         * @param value the metrics
         * @return this
         */
        public Builder metrics(Metrics value) {
            metrics = value;
            return this;
        }

        /**
         * Sets the promised digests.
         *
         * @param value the digests
         * @return this
         */
        public Builder promised(Set<Digest> value) {
            promised = value;
            return this;
        }

        /**
         * Sets the digest of the verified bytes.
         *
         * @param value SHA-256, or null
         * @return this
         */
        public Builder digest(@Nullable Digest value) {
            digest = value;
            return this;
        }

        /**
         * Sets what is known of the content.
         *
         * @param value the metadata
         * @return this
         */
        public Builder metadata(Map<String, String> value) {
            metadata = value;
            return this;
        }

        /**
         * Sets the name of its secrets.
         *
         * @param value the reference, or null
         * @return this
         */
        public Builder secretRef(@Nullable String value) {
            secretRef = value;
            return this;
        }

        /**
         * Sets the priority.
         *
         * @param value higher goes first
         * @return this
         */
        public Builder priority(int value) {
            priority = value;
            return this;
        }

        /**
         * Sets the position among equal priorities.
         *
         * @param value lower goes first
         * @return this
         */
        public Builder position(long value) {
            position = value;
            return this;
        }

        /**
         * Sets when the row changed.
         *
         * @param value the time
         * @return this
         */
        public Builder updated(Instant value) {
            updated = value;
            return this;
        }

        /**
         * Makes it a version of its own, later than the one it is a copy of.
         *
         * @param now the time it is; where a clock stands still or was set back, a nanosecond after
         *     the version before stands for it
         * @return this
         */
        public Builder updatedAfter(Instant now) {
            var soonest = from.updated.plusNanos(1);
            updated = now.isAfter(soonest) ? now : soonest;
            return this;
        }

        /**
         * Sets when it was completed.
         *
         * @param value the time, or null
         * @return this
         */
        public Builder completed(@Nullable Instant value) {
            completed = value;
            return this;
        }

        /**
         * Builds the changed snapshot.
         *
         * @return a new snapshot with the same id
         */
        public Download build() {
            return new Download(
                    from.id,
                    kind,
                    source,
                    target,
                    options,
                    batch,
                    status,
                    metrics,
                    promised,
                    digest,
                    metadata,
                    secretRef,
                    priority,
                    position,
                    from.created,
                    updated,
                    completed);
        }
    }
}
