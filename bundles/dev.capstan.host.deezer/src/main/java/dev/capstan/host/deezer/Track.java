package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known of a track; never a link (D10).
 *
 * @param mainArtists ids of those it is by, guests left out
 * @param position in its album, 0 if unknown
 * @param disc of its album, 0 if unknown
 */
record Track(
        String id,
        String title,
        String artist,
        Set<String> mainArtists,
        String album,
        int position,
        int disc,
        String isrc,
        int seconds,
        String released,
        boolean explicit) {

    static Track of(Fields fields) throws DownloadException {
        return new Track(
                fields.id(),
                title(fields),
                fields.object("artist").text("name"),
                mainArtists(fields),
                fields.object("album").text("title"),
                fields.number("track_position"),
                fields.number("disk_number"),
                fields.text("isrc"),
                fields.number("duration"),
                fields.text("release_date"),
                fields.flag("explicit_lyrics", false));
    }

    /** The service leaves the version in the title at some places and out of it at others. */
    private static String title(Fields fields) throws DownloadException {
        var title = fields.text("title");
        var version = fields.text("title_version").strip();
        return version.isEmpty() || title.contains(version) ? title : title + " " + version;
    }

    private static Set<String> mainArtists(Fields fields) throws DownloadException {
        var ids = new LinkedHashSet<String>();
        for (var contributor : fields.list("contributors")) {
            if (contributor.text("role").equals("Main")) {
                ids.add(contributor.id());
            }
        }
        if (ids.isEmpty() && fields.object("artist").has("id")) {
            ids.add(fields.object("artist").id());
        }
        return Set.copyOf(ids);
    }

    /** "Artist - Title". */
    String name() {
        return artist.isEmpty() ? title : artist + " - " + title;
    }

    /** What is to be known of the download. */
    Map<String, String> metadata() {
        var all = new LinkedHashMap<String, String>();
        put(all, "title", title);
        put(all, "artist", artist);
        put(all, "album", album);
        put(all, "track_number", position);
        put(all, "disc_number", disc);
        put(all, "isrc", isrc);
        put(all, "duration", seconds);
        put(all, "release_date", released);
        if (explicit) {
            all.put("explicit", "true");
        }
        all.put("variant", "preview");
        return all;
    }

    /** Adds what is known. */
    static void put(Map<String, String> all, String name, Object value) {
        var text = value.toString();
        if (!text.isEmpty() && !value.equals(0)) {
            all.put(name, text);
        }
    }
}
