package dev.capstan.content;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source said about the version of its bytes (RFC 9110 §8.8).
 *
 * @param etag the entity tag as sent, with quotes and, if weak, {@code W/}; or null
 * @param lastModified the date of the last change, or null
 * @param lastModifiedIsStrong whether that date was at least 60 s older than the answer's own date
 * @param revision a revision a host knows without asking, or null
 */
public record Validator(
        @Nullable String etag,
        @Nullable Instant lastModified,
        boolean lastModifiedIsStrong,
        @Nullable String revision) {

    /** Nothing was said. */
    public static final Validator NONE = new Validator(null, null, false, null);

    /**
     * A validator that is only a host's own revision.
     *
     * @param revision the revision
     * @return the validator
     */
    public static Validator ofRevision(String revision) {
        return new Validator(null, null, false, revision);
    }

    /**
     * The strong entity tag.
     *
     * @return the tag, or null where there is none or it is weak
     */
    public @Nullable String strongEtag() {
        return etag != null && !etag.startsWith("W/") ? etag : null;
    }

    /**
     * Tells whether equal values prove equal bytes.
     *
     * @return whether there is a strong tag, a strong date or a revision
     */
    public boolean isStrong() {
        return strongEtag() != null
                || (lastModified != null && lastModifiedIsStrong)
                || revision != null;
    }
}
