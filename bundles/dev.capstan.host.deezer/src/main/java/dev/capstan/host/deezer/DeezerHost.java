package dev.capstan.host.deezer;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.host.spi.Time;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The host of Deezer's links: albums and playlists as lists of their tracks, and of a track the
 * preview that the service offers to everybody (D1 to D10).
 *
 * <p>A track in full length is protected, and not to be had here: links that ask for it are refused
 * with a sentence, before anybody is asked.
 */
@Component(
        configurationPid = DeezerHost.PID,
        property = {
            HostResolver.ID + "=" + DeezerHost.NAME,
            HostResolver.DOMAINS + "=www.deezer.com",
            HostResolver.DOMAINS + "=deezer.com",
            // What is shortened cannot be understood without asking, and so is refused.
            HostResolver.DOMAINS + "=link.deezer.com",
            HostResolver.DOMAINS + "=deezer.page.link",
            HostResolver.SCHEMES + "=deezer",
            HostResolver.SCHEMES + "=track_",
            HostResolver.SCHEMES + "=album_",
            HostResolver.SCHEMES + "=playlist_"
        })
@Designate(ocd = DeezerConfig.class)
public final class DeezerHost implements HostResolver {
    /** The configuration's PID. */
    public static final String PID = "dev.capstan.host.deezer";

    static final String NAME = "deezer";

    private static final int MOST_CALLS = 50;
    private static final int LARGEST_PAGE = 100;

    private final List<String> previewHosts;
    private final Naming naming;
    private final Catalogue catalogue;
    private final Members members;

    /**
     * Starts with a configuration.
     *
     * @param config the settings
     * @throws IllegalArgumentException with a sentence if one of them is malformed
     */
    @Activate
    public DeezerHost(DeezerConfig config) {
        this(config, Time.SYSTEM);
    }

    DeezerHost(DeezerConfig config, Time time) {
        previewHosts =
                Arrays.stream(config.previewHosts())
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .filter(host -> !host.isEmpty())
                        .toList();
        naming = new Naming(config.albumPath(), config.playlistPath());
        var api =
                new PublicApi(base(config.apiUrl()), within(config.callsPer5s(), MOST_CALLS), time);
        catalogue = new Catalogue(api, time, within(config.pageSize(), LARGEST_PAGE));
        members = new Members(catalogue, naming, Math.max(1, config.maxEntries()));
    }

    @Override
    public Optional<String> recognise(String link) {
        return Item.of(link).map(Item::link);
    }

    @Override
    public Resolution resolve(String link, ResolveContext context)
            throws DownloadException, InterruptedException {
        var item =
                Item.of(link)
                        .orElseThrow(
                                () ->
                                        new DownloadException(
                                                ErrorClass.BLOCKED,
                                                "This is no link of a Deezer track, album or"
                                                        + " playlist."));
        if (item.variant() == Item.Variant.FULL) {
            throw new DownloadException(
                    ErrorClass.DECRYPT,
                    "Deezer full tracks are protected and cannot be had here; the preview is"
                            + " available with ?variant=preview.");
        }
        return switch (item.kind()) {
            case TRACK -> new Resolution.Found(preview(item, context));
            case ALBUM -> members.ofAlbum(item, context);
            case PLAYLIST -> members.ofPlaylist(item, context);
        };
    }

    /** D2, D3: the preview, with its link where a transfer begins. */
    private RemoteFile preview(Item item, ResolveContext context)
            throws DownloadException, InterruptedException {
        if (context.purpose() != ResolveContext.Purpose.START) {
            var track = catalogue.track(item, context);
            return described(RemoteFile.unlinked(key(track)), item, track, context);
        }
        var offer = catalogue.offer(item, context);
        if (offer.preview().isEmpty()) {
            throw new DownloadException(
                    ErrorClass.NOT_FOUND, "Deezer has no preview offered for " + item + ".");
        }
        // Foreign: the service named the address, and so it has to be a public one (S1).
        var link = new DirectLink(previewLink(offer.preview(), item), Map.of(), true);
        var file = RemoteFile.of(key(offer.track()), link);
        return described(file, item, offer.track(), context).expires(null).maxConnections(1);
    }

    private static SourceKey key(Track track) {
        return new SourceKey(NAME, "track:" + track.id() + ":preview");
    }

    private RemoteFile described(RemoteFile file, Item item, Track track, ResolveContext context)
            throws DownloadException, InterruptedException {
        var entry = entry(item, track, context);
        var name = entry.name();
        file.mediaType("audio/mpeg");
        if (name != null) {
            file.name(context.knownName().orElse(name));
        }
        if (entry.folder() != null) {
            file.folder(entry.folder());
        }
        entry.metadata().forEach(file::metadata);
        return file;
    }

    /** A track has its place where its list put it, where its link names its album, or none. */
    private Resolution.Entry entry(Item item, Track track, ResolveContext context)
            throws DownloadException, InterruptedException {
        var album = context.givenLink().flatMap(Item::albumOf);
        if (album.isEmpty()) {
            return naming.alone(item, track);
        }
        var discs = catalogue.discs(album.get(), context);
        return naming.member(item, track, catalogue.album(album.get(), context), discs);
    }

    /** What the service names is fetched from its own delivery hosts only. */
    private URI previewLink(String text, Item item) throws DownloadException {
        try {
            var link = new URI(text);
            var scheme = String.valueOf(link.getScheme()).toLowerCase(Locale.ROOT);
            var host = link.getHost() == null ? "" : link.getHost().toLowerCase(Locale.ROOT);
            var isWeb = scheme.equals("https") || scheme.equals("http");
            if (isWeb && link.getRawUserInfo() == null && isPreviewHost(host)) {
                return link;
            }
        } catch (URISyntaxException e) {
            // No link at all, which is told below; the text may carry a token and is not shown.
        }
        throw new DownloadException(
                ErrorClass.BLOCKED,
                "The preview of "
                        + item
                        + " is not at one of Deezer's delivery hosts, and is not fetched.");
    }

    private boolean isPreviewHost(String host) {
        return !host.isEmpty()
                && previewHosts.stream()
                        .anyMatch(
                                allowed ->
                                        allowed.startsWith(".")
                                                ? host.endsWith(allowed)
                                                : host.equals(allowed));
    }

    private static URI base(String text) {
        var url = text.strip().replaceAll("/+$", "");
        var base = URI.create(url);
        var isWeb = "https".equals(base.getScheme()) || "http".equals(base.getScheme());
        if (!isWeb || base.getHost() == null || base.getRawUserInfo() != null) {
            throw new IllegalArgumentException("apiUrl must be an http or https address.");
        }
        return base;
    }

    private static int within(int value, int most) {
        return Math.max(1, Math.min(value, most));
    }
}
