package dev.capstan.host.deezer;

import dev.capstan.host.spi.Resolution;
import java.util.HashMap;
import java.util.Map;

/** D3, D8: how files are called and where they go. Every name says that it is a preview's. */
final class Naming {
    private static final String ENDING = " (preview).mp3";

    private final NameTemplate alone = new NameTemplate("[{artist} - ]{title}");
    private final NameTemplate inAlbum;
    private final NameTemplate inPlaylist;
    private final AlbumNames albums = new AlbumNames();

    Naming(String albumPath, String playlistPath) {
        inAlbum = new NameTemplate(albumPath);
        inPlaylist = new NameTemplate(playlistPath);
    }

    /** A track that was asked for by itself. */
    Resolution.Entry alone(Item link, Track track) {
        return entry(link, alone, values(track), track.metadata());
    }

    /** A member of an album; the disc counts where there are several. */
    Resolution.Entry member(Item link, Track track, Album album, int discs) {
        var values = values(track);
        values.put("album_artist", album.artist());
        values.put("album", albums.of(album));
        values.put("year", album.year());
        if (discs <= 1) {
            values.remove("disc_number");
        }
        var metadata = track.metadata();
        album.describe(metadata);
        return entry(link, inAlbum, values, metadata);
    }

    /** A member of a playlist, at a position counted from 1. */
    Resolution.Entry member(Item link, Track track, Playlist playlist, int position) {
        var values = values(track);
        values.put("playlist", playlist.title());
        values.put("playlist_position", Integer.toString(position));
        var metadata = track.metadata();
        Track.put(metadata, "playlist", playlist.title());
        Track.put(metadata, "playlist_id", playlist.id());
        Track.put(metadata, "playlist_position", position);
        return entry(link, inPlaylist, values, metadata);
    }

    private static Resolution.Entry entry(
            Item link,
            NameTemplate template,
            Map<String, String> values,
            Map<String, String> metadata) {
        var path = template.path(values, ENDING);
        var last = path.size() - 1;
        var folder = last == 0 ? null : String.join("/", path.subList(0, last));
        return new Resolution.Entry(link.link(), path.get(last), null, folder, metadata);
    }

    private static Map<String, String> values(Track track) {
        var values = new HashMap<String, String>();
        values.put("artist", track.artist());
        values.put("title", track.title());
        values.put("album", track.album());
        Track.put(values, "track_number", track.position());
        Track.put(values, "disc_number", track.disc());
        return values;
    }
}
