package dev.capstan.host.deezer.fake;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** All tracks, albums and playlists there are. Safe for any thread. */
final class Catalogue {
    private final Map<Long, FakeTrack> tracks = new HashMap<>();
    private final Map<Long, FakeAlbum> albums = new HashMap<>();
    private final Map<Long, FakePlaylist> playlists = new HashMap<>();

    synchronized FakeTrack track(long id) {
        return tracks.computeIfAbsent(id, FakeTrack::new);
    }

    synchronized FakeAlbum album(long id) {
        return albums.computeIfAbsent(id, FakeAlbum::new);
    }

    synchronized FakePlaylist playlist(long id) {
        return playlists.computeIfAbsent(id, FakePlaylist::new);
    }

    synchronized Optional<FakeTrack> findTrack(long id) {
        return Optional.ofNullable(tracks.get(id));
    }

    synchronized Optional<FakeAlbum> findAlbum(long id) {
        return Optional.ofNullable(albums.get(id));
    }

    synchronized Optional<FakePlaylist> findPlaylist(long id) {
        return Optional.ofNullable(playlists.get(id));
    }
}
