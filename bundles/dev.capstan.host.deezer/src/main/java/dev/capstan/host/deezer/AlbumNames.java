package dev.capstan.host.deezer;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * D8: tells albums of equal names apart, by year and then by id. It knows the albums that it was
 * asked about, the newest thousand of them, and forgets them with the host.
 *
 * <p>Safe for any thread.
 */
final class AlbumNames {
    private static final int MOST = 1000;

    private final Map<String, String> owners =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                    return size() > MOST;
                }
            };

    /** The name of an album among those of its artist. */
    synchronized String of(Album album) {
        if (owns(album, album.title())) {
            return album.title();
        }
        var dated = album.title() + " (" + album.year() + ")";
        if (!album.year().isEmpty() && owns(album, dated)) {
            return dated;
        }
        return album.title() + " (" + album.id() + ")";
    }

    /** Whoever comes first has a name, and keeps it. */
    private boolean owns(Album album, String name) {
        var key = album.artist() + "\n" + name;
        return owners.computeIfAbsent(key.toLowerCase(Locale.ROOT), any -> album.id())
                .equals(album.id());
    }
}
