package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What is known of an album.
 *
 * @param artist whom it is by; {@link #SEVERAL} where its tracks are by several
 * @param cover address of its cover, the largest, or empty
 */
record Album(
        String id,
        String title,
        String artist,
        String released,
        String cover,
        String upc,
        String label,
        String kind) {
    /** The artist of an album that has several. */
    static final String SEVERAL = "Various Artists";

    static Album of(Fields fields) throws DownloadException {
        return new Album(
                fields.id(),
                fields.text("title"),
                isBySeveral(fields) ? SEVERAL : fields.object("artist").text("name"),
                fields.text("release_date"),
                cover(fields),
                fields.text("upc"),
                fields.text("label"),
                fields.text("record_type"));
    }

    private static boolean isBySeveral(Fields fields) throws DownloadException {
        var main = 0;
        for (var contributor : fields.list("contributors")) {
            main += contributor.text("role").equals("Main") ? 1 : 0;
        }
        return main > 1;
    }

    private static String cover(Fields fields) throws DownloadException {
        for (var size : List.of("cover_xl", "cover_big", "cover_medium", "cover_small")) {
            var cover = fields.text(size);
            if (!cover.isEmpty()) {
                return cover;
            }
        }
        return "";
    }

    /** This album, by whom its first tracks are: several, where no artist is on all of them. */
    Album by(List<Track> tracks) {
        if (tracks.isEmpty()) {
            return this;
        }
        var onAll = new HashSet<>(tracks.get(0).mainArtists());
        tracks.forEach(track -> onAll.retainAll(track.mainArtists()));
        return onAll.isEmpty()
                ? new Album(id, title, SEVERAL, released, cover, upc, label, kind)
                : this;
    }

    /** The year, or empty. */
    String year() {
        return released.matches("[1-9][0-9]{3}-.*") ? released.substring(0, 4) : "";
    }

    /** Adds what is to be known of its members. */
    void describe(Map<String, String> all) {
        Track.put(all, "album", title);
        Track.put(all, "album_id", id);
        Track.put(all, "album_artist", artist);
        Track.put(all, "release_date", released);
        Track.put(all, "year", year());
        Track.put(all, "cover", cover);
        Track.put(all, "upc", upc);
        Track.put(all, "label", label);
        Track.put(all, "record_type", kind);
    }
}
