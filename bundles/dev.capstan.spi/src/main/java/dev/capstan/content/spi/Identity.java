package dev.capstan.content.spi;

import dev.capstan.content.Validator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the bytes an ingest collects. It is kept in the range journal, so that a resume
 * can prove that it goes on with the same bytes.
 *
 * @param length bytes in all, −1 while unknown
 * @param validator the version of the source
 * @param mediaType as the source named it, or null
 */
public record Identity(long length, Validator validator, @Nullable String mediaType) {

    /** Nothing is known. */
    public static final Identity UNKNOWN = new Identity(-1, Validator.NONE, null);

    /**
     * The same identity with a length.
     *
     * @param newLength bytes in all
     * @return a copy
     */
    public Identity withLength(long newLength) {
        return new Identity(newLength, validator, mediaType);
    }
}
