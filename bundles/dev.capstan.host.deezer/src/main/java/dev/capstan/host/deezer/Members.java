package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of an album or a playlist, page after page (D6). A cursor is the index of the page,
 * and for the second reading of a playlist that changed under the first (D7) it says so.
 */
final class Members {
    private static final Pattern CURSOR = Pattern.compile("(again-)?([0-9]{1,9})(?:-(.*))?");

    private static final String CHANGED =
            "the playlist changed while it was read, and so it was read twice";

    private final Catalogue catalogue;
    private final Naming naming;
    private final int most;

    Members(Catalogue catalogue, Naming naming, int most) {
        this.catalogue = catalogue;
        this.naming = naming;
        this.most = most;
    }

    Resolution.Listing ofAlbum(Item item, ResolveContext context)
            throws DownloadException, InterruptedException {
        var album = catalogue.album(item, context);
        var name =
                album.artist().isEmpty() ? album.title() : album.artist() + " - " + album.title();
        return new Resolution.Listing(
                flat(name), cursor -> albumPage(item, Place.of(cursor), context));
    }

    Resolution.Listing ofPlaylist(Item item, ResolveContext context)
            throws DownloadException, InterruptedException {
        var playlist = catalogue.playlist(item, context);
        return new Resolution.Listing(
                flat(playlist.title()), cursor -> playlistPage(item, Place.of(cursor), context));
    }

    /**
     * Where a page is.
     *
     * @param again whether the list is being read once more
     * @param checksum of the playlist when its reading began; empty at the beginning
     */
    private record Place(boolean again, int index, String checksum) {
        static Place of(@Nullable String cursor) throws DownloadException {
            if (cursor == null) {
                return new Place(false, 0, "");
            }
            var found = CURSOR.matcher(cursor);
            if (!found.matches()) {
                throw new DownloadException(
                        ErrorClass.HOST, "The place in the list is not understood; add it again.");
            }
            var checksum = found.group(3);
            return new Place(
                    found.group(1) != null,
                    Integer.parseInt(found.group(2)),
                    checksum == null ? "" : checksum);
        }

        String cursor() {
            return (again ? "again-" : "") + index + (checksum.isEmpty() ? "" : "-" + checksum);
        }
    }

    private Resolution.Page albumPage(Item item, Place place, ResolveContext context)
            throws DownloadException, InterruptedException {
        var album = catalogue.album(item, context);
        var discs = catalogue.discs(item, context);
        var page = catalogue.members(item, place.index(), context);
        var entries = new ArrayList<Resolution.Entry>();
        for (var track : upToLimit(page, place)) {
            entries.add(naming.member(item.member(track.id()), track, album, discs));
        }
        var next = next(page, place);
        return new Resolution.Page(entries, next == null ? null : next.cursor());
    }

    private Resolution.Page playlistPage(Item item, Place asked, ResolveContext context)
            throws DownloadException, InterruptedException {
        var playlist = catalogue.playlist(item, context);
        var place = asked.index() == 0 ? new Place(asked.again(), 0, playlist.checksum()) : asked;
        var page =
                place.again()
                        ? catalogue.membersNow(item, place.index(), context)
                        : catalogue.members(item, place.index(), context);
        var entries = new ArrayList<Resolution.Entry>();
        for (var track : upToLimit(page, place)) {
            var position = place.index() + entries.size() + 1;
            entries.add(naming.member(item.member(track.id()), track, playlist, position));
        }
        var next = next(page, place);
        if (next == null && !place.again() && hasChanged(item, place, context)) {
            next = new Place(true, 0, "");
        }
        return new Resolution.Page(
                entries, next == null ? null : next.cursor(), place.again() ? CHANGED : null);
    }

    /** Looks once more, behind the last page; a list of one page was read in one piece. */
    private boolean hasChanged(Item item, Place place, ResolveContext context)
            throws DownloadException, InterruptedException {
        return place.index() > 0
                && !catalogue.playlistNow(item, context).checksum().equals(place.checksum());
    }

    private List<Track> upToLimit(TrackPage page, Place place) {
        var room = Math.max(0, most - place.index());
        return page.tracks().subList(0, Math.min(room, page.tracks().size()));
    }

    private @Nullable Place next(TrackPage page, Place place) {
        var index = page.tracks().isEmpty() ? -1 : page.next();
        return index < 0 || index >= most
                ? null
                : new Place(place.again(), index, place.checksum());
    }

    /** A name of one segment. */
    private static String flat(String name) {
        return name.replaceAll("[/\\\\]", "_");
    }
}
