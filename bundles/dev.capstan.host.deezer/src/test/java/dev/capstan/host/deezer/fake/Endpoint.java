package dev.capstan.host.deezer.fake;

/** What can be asked of Deezer. Faults are set, and calls are counted, for each. */
public enum Endpoint {
    /** {@code GET /track/ID} of the public API. */
    TRACK,
    /** {@code GET /album/ID} of the public API. */
    ALBUM,
    /** {@code GET /playlist/ID} of the public API. */
    PLAYLIST,
    /** {@code GET /album/ID/tracks} of the public API. */
    ALBUM_TRACKS,
    /** {@code GET /playlist/ID/tracks} of the public API. */
    PLAYLIST_TRACKS,
    /** A preview, from the delivery server. */
    PREVIEW,
    /** Anything that Deezer does not have. */
    UNKNOWN;

    /**
     * Whether it belongs to the public API, whose calls are limited in any five seconds.
     *
     * @return true for the first five
     */
    public boolean isPublic() {
        return compareTo(PREVIEW) < 0;
    }
}
