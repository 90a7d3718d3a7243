package dev.capstan.download;

import dev.capstan.content.SourceKey;
import org.jspecify.annotations.Nullable;

/**
 * Where a download comes from.
 *
 * @param link the link as it was given, without user information; the only source ever stored
 * @param canonical the host's canonical form of it; equal for links that mean the same
 * @param host id of the host that takes it
 * @param key names the bytes, once the host has told it
 * @param trust who gave the link
 */
public record Source(
        String link, String canonical, String host, @Nullable SourceKey key, Trust trust) {

    /**
     * The same source with the key the host told.
     *
     * @param newKey names the bytes
     * @return a copy
     */
    public Source withKey(SourceKey newKey) {
        return new Source(link, canonical, host, newKey, trust);
    }
}
