package dev.capstan.transfer.spi;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.Identity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the first good answer of a source said about the whole file.
 *
 * @param identity length, version, media type
 * @param name the last segment of the name in Content-Disposition (RFC 6266, RFC 8187), not made
 *     safe, else null
 * @param digests digests of the whole file in the answer's fields (RFC 9530 and the older ones)
 * @param ranges whether the source serves parts
 */
public record Answer(
        Identity identity, @Nullable String name, Set<Digest> digests, boolean ranges) {

    /** Creates an answer; digests are copied. */
    public Answer {
        digests = Set.copyOf(digests);
    }
}
