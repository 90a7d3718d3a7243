package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.host.spi.Time;

/**
 * Tracks, albums, playlists and their members, as the public API knows them. Safe for any thread.
 */
final class Catalogue {
    private final PublicApi api;
    private final Shared calls;
    private final int pageSize;

    Catalogue(PublicApi api, Time time, int pageSize) {
        this.api = api;
        this.pageSize = pageSize;
        calls = new Shared(time);
    }

    /**
     * A track as it is now, with the link of its preview.
     *
     * @param preview empty if none is offered
     */
    record Offer(Track track, String preview) {}

    /** Asks anew each time: links are not kept (D10). */
    Offer offer(Item item, ResolveContext context) throws DownloadException, InterruptedException {
        var path = "/track/" + item.id();
        return calls.fresh(
                path,
                Offer.class,
                () -> {
                    var fields = api.get(path, item.toString(), context);
                    return new Offer(Track.of(fields), fields.text("preview"));
                });
    }

    /** What is known of a track. */
    Track track(Item item, ResolveContext context) throws DownloadException, InterruptedException {
        var path = "/track/" + item.id();
        return calls.kept(
                path + "#facts",
                Track.class,
                () -> Track.of(api.get(path, item.toString(), context)));
    }

    Album album(Item item, ResolveContext context) throws DownloadException, InterruptedException {
        var path = "/album/" + item.id();
        return calls.kept(
                path,
                Album.class,
                () ->
                        Album.of(api.get(path, item.toString(), context))
                                .by(members(item, 0, context).tracks()));
    }

    /** How many discs an album has: its tracks are in order, so the last one tells. */
    int discs(Item item, ResolveContext context) throws DownloadException, InterruptedException {
        var first = members(item, 0, context);
        var last =
                first.next() < 0 || first.total() <= first.tracks().size()
                        ? first
                        : page(item, first.total() - 1, 1, context);
        return last.tracks().stream().mapToInt(Track::disc).max().orElse(1);
    }

    Playlist playlist(Item item, ResolveContext context)
            throws DownloadException, InterruptedException {
        var path = "/playlist/" + item.id();
        return calls.kept(
                path, Playlist.class, () -> Playlist.of(api.get(path, item.toString(), context)));
    }

    /** The playlist as it is now. */
    Playlist playlistNow(Item item, ResolveContext context)
            throws DownloadException, InterruptedException {
        var path = "/playlist/" + item.id();
        return calls.renewed(
                path, Playlist.class, () -> Playlist.of(api.get(path, item.toString(), context)));
    }

    /** A page of members, from an index on. */
    TrackPage members(Item item, int index, ResolveContext context)
            throws DownloadException, InterruptedException {
        return page(item, index, pageSize, context);
    }

    /** A page of members as they are now. */
    TrackPage membersNow(Item item, int index, ResolveContext context)
            throws DownloadException, InterruptedException {
        var path = path(item, index, pageSize);
        return calls.renewed(path, TrackPage.class, () -> read(path, item, index, context));
    }

    private TrackPage page(Item item, int index, int most, ResolveContext context)
            throws DownloadException, InterruptedException {
        var path = path(item, index, most);
        return calls.kept(path, TrackPage.class, () -> read(path, item, index, context));
    }

    private TrackPage read(String path, Item item, int index, ResolveContext context)
            throws DownloadException, InterruptedException {
        return TrackPage.of(api.get(path, item.toString(), context), index);
    }

    private static String path(Item item, int index, int most) {
        var list = "/" + item.kind().word() + "/" + item.id() + "/tracks";
        return list + "?index=" + index + "&limit=" + most;
    }
}
