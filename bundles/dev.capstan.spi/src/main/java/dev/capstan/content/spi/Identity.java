package dev.capstan.content.spi;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the bytes an ingest collects. It is kept in the range journal, so that a resume
 * can prove that it goes on with the same bytes.
 *
 * @param length bytes in all, −1 while unknown
 * @param validator the version of the source
 * @param mediaType as the source named it, or null
 * @param digests what the source promised of these bytes
 */
public record Identity(
        long length, Validator validator, @Nullable String mediaType, Set<Digest> digests) {

    /** Nothing is known. */
    public static final Identity UNKNOWN = new Identity(-1, Validator.NONE, null);

    /** Creates an identity; the set is copied. */
    public Identity {
        digests = Set.copyOf(digests);
    }

    /**
     * An identity of which the source promised nothing.
     *
     * @param length bytes in all, −1 while unknown
     * @param validator the version of the source
     * @param mediaType as the source named it, or null
     */
    public Identity(long length, Validator validator, @Nullable String mediaType) {
        this(length, validator, mediaType, Set.of());
    }

    /**
     * The same identity with a length.
     *
     * @param newLength bytes in all
     * @return a copy
     */
    public Identity withLength(long newLength) {
        return new Identity(newLength, validator, mediaType, digests);
    }

    /**
     * The same identity with what the source promised.
     *
     * @param all digests of the bytes
     * @return a copy
     */
    public Identity withDigests(Set<Digest> all) {
        return new Identity(length, validator, mediaType, all);
    }
}
