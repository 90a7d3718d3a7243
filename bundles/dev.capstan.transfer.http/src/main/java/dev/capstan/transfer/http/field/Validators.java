package dev.capstan.transfer.http.field;

import dev.capstan.content.Validator;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validators of answers and what follows from comparing two (RFC 9110 §8.8, §13.1.5). */
public final class Validators {
    private static final Pattern ETAG =
            Pattern.compile("(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");
    private static final Duration STRONG_AFTER = Duration.ofSeconds(60);

    /** What two validators say about the bytes. */
    public enum Match {
        /** The bytes are the same. */
        SAME,
        /** The bytes may differ. */
        DIFFERENT,
        /** Nothing follows. */
        UNPROVEN
    }

    private Validators() {}

    /** The validator of an answer. */
    public static Validator of(Head head) {
        var etag = head.first("etag");
        var several = head.all("etag").stream().distinct().count() > 1;
        if (etag != null && (several || !ETAG.matcher(etag).matches())) {
            // What contradicts itself proves nothing.
            etag = null;
        }
        var modified = HttpDate.parse(head.first("last-modified"));
        var date = HttpDate.parse(head.first("date"));
        var strong = modified != null && date != null && !modified.plus(STRONG_AFTER).isAfter(date);
        return new Validator(etag, modified, strong, null);
    }

    /** Compares a version that is known with what another answer says. */
    public static Match compare(Validator known, Validator seen) {
        if (known.etag() != null && seen.etag() != null) {
            if (!weak(known.etag()).equals(weak(seen.etag()))) {
                return Match.DIFFERENT;
            }
            return known.strongEtag() != null && seen.strongEtag() != null
                    ? Match.SAME
                    : Match.UNPROVEN;
        }
        Instant before = known.lastModified();
        if (before == null || seen.lastModified() == null) {
            return Match.UNPROVEN;
        }
        if (!before.equals(seen.lastModified())) {
            return Match.DIFFERENT;
        }
        return known.lastModifiedIsStrong() && seen.lastModifiedIsStrong()
                ? Match.SAME
                : Match.UNPROVEN;
    }

    /** The value of If-Range, or null where nothing strong is known. */
    public static @Nullable String ifRange(Validator known) {
        if (known.strongEtag() != null) {
            return known.strongEtag();
        }
        // A weak tag beside a strong date says that the date alone is too coarse.
        return known.etag() == null && known.lastModified() != null && known.lastModifiedIsStrong()
                ? HttpDate.format(known.lastModified())
                : null;
    }

    /** Whether If-Range or a comparison of two answers can prove that the bytes are the same. */
    public static boolean prove(Validator known) {
        return ifRange(known) != null;
    }

    private static String weak(String tag) {
        return Objects.requireNonNull(tag).startsWith("W/") ? tag.substring(2) : tag;
    }
}
