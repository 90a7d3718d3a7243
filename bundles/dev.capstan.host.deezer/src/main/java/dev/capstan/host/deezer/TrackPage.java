package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Some members of a list.
 *
 * @param total of the whole list, 0 if it is not told
 * @param next the index of the next page, or −1 at the end
 */
record TrackPage(List<Track> tracks, int total, int next) {
    private static final Pattern INDEX = Pattern.compile("(?:.*&)?index=([0-9]{1,9})(?:&.*)?");

    static TrackPage of(Fields fields, int index) throws DownloadException {
        var tracks = new ArrayList<Track>();
        for (var track : fields.list("data")) {
            tracks.add(Track.of(track));
        }
        var next = next(fields.text("next"));
        // A page that leads back, or nowhere, is the last one.
        return new TrackPage(List.copyOf(tracks), fields.number("total"), next > index ? next : -1);
    }

    /** Only the index counts: where the next page is asked for is our own affair. */
    private static int next(String link) {
        try {
            var query = link.isEmpty() ? null : URI.create(link).getRawQuery();
            var found = INDEX.matcher(query == null ? "" : query);
            return found.matches() ? Integer.parseInt(found.group(1)) : -1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }
}
