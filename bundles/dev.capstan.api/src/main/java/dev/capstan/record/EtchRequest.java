package dev.capstan.record;

import dev.capstan.download.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to etch a record (E1). Nothing is checked here: {@link Records#etch} does it, before any
 * request is made.
 *
 * @param name 3 to 200 characters after trimming
 * @param author who made it, or null
 * @param links one for each track, each any text a host understands, at most 2,048 characters once
 *     percent-encoded
 * @param maxBytes most bytes of each track, 0 for the configured limit; a larger wish counts as it
 * @param slot the place the record is etched into, which holds one record and no other until that
 *     is removed; null if it has none
 * @param trust who gave the links (S1); it is kept for fetching them again
 */
public record EtchRequest(
        String name,
        @Nullable String author,
        List<String> links,
        long maxBytes,
        @Nullable String slot,
        Trust trust) {

    /** Creates a request; links are copied. */
    public EtchRequest {
        links = List.copyOf(links);
    }

    /**
     * A request without author, slot and limit of its own, from the network.
     *
     * @param name the record's name
     * @param links one for each track
     * @return the request
     */
    public static EtchRequest of(String name, List<String> links) {
        return new EtchRequest(name, null, links, 0, null, Trust.NETWORK);
    }

    /**
     * The same request from somebody else.
     *
     * @param value who gave the links
     * @return a copy
     */
    public EtchRequest withTrust(Trust value) {
        return new EtchRequest(name, author, links, maxBytes, slot, value);
    }
}
