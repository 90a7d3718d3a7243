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
    /** {@code deezer.getUserData} of the gateway. */
    USER_DATA,
    /** {@code song.getData} of the gateway. */
    SONG_DATA,
    /** The media service. */
    MEDIA,
    /** A preview. */
    PREVIEW,
    /** A full track as it is on the wire. */
    DELIVERY,
    /** Anything that Deezer does not have. */
    UNKNOWN;

    /**
     * Whether it belongs to the public API, whose calls are limited in any five seconds.
     *
     * @return true for the first five
     */
    public boolean isPublic() {
        return compareTo(USER_DATA) < 0;
    }

    /**
     * Whether it belongs to the account: nobody may call it who has not configured one.
     *
     * @return true for gateway and media service
     */
    public boolean isForMembers() {
        return this == USER_DATA || this == SONG_DATA || this == MEDIA;
    }
}
