package dev.capstan.download.provider;

import dev.capstan.content.Digest;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.Source;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.Resolution;
import dev.capstan.name.SafeNames;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wish whose every word was checked and of which only the host's canonical link is missing:
 * either what a user asked for, or an entry of a listing.
 */
record Draft(
        Link link,
        Host host,
        Trust trust,
        Target target,
        DownloadOptions options,
        @Nullable BatchRef batch,
        boolean paused,
        Set<Digest> promised,
        Map<String, String> metadata,
        LinkSecret secret,
        int priority,
        long size) {
    private static final Path ANY_ROOT = Path.of("/").toAbsolutePath();

    /** Checks what a user asked for. */
    static Draft of(DownloadRequest request, HostRegistry hosts) throws RefusedException {
        var link = Link.parse(request.link());
        var host = chosen(link, request.trust(), hosts);
        var folder = request.folder();
        if (folder != null && !folder.isAbsolute()) {
            throw invalid("The folder " + folder + " is not absolute.");
        }
        var metadata = request.metadata();
        if (metadata.keySet().stream().anyMatch(key -> key.startsWith(ListingMark.RESERVED))) {
            throw invalid("Metadata may not begin with \"" + ListingMark.RESERVED + "\".");
        }
        var mediaType = request.mediaType();
        var name = request.fileName();
        return new Draft(
                link,
                host,
                request.trust(),
                new Target(
                        name == null ? null : safeName(name),
                        name != null,
                        folder == null ? null : folder.normalize(),
                        category(request.category() != null ? request.category() : mediaType),
                        mediaType,
                        null),
                request.options(),
                request.batch(),
                request.paused(),
                request.promised(),
                metadata,
                LinkSecret.of(request, link),
                request.priority(),
                -1);
    }

    /** Checks an entry of a listing; it inherits what its listing was asked with. */
    static Draft of(
            Resolution.Entry entry,
            Download listing,
            BatchRef batch,
            ListingMark mark,
            LinkSecret secret,
            HostRegistry hosts)
            throws RefusedException {
        var link = Link.parse(entry.link());
        // What another side lists reaches no further than that side does.
        var sameSide = link.origin().equals(Link.originOf(listing.source().link()));
        var trust = sameSide ? listing.source().trust() : Trust.NETWORK;
        var host = chosen(link, trust, hosts);
        var sameHost = host.id().equals(listing.source().host());
        var name = entry.name();
        var size = entry.size();
        return new Draft(
                link,
                host,
                trust,
                within(
                        new Target(
                                name == null ? null : SafeNames.fileName(name, "download"),
                                false,
                                listing.target().folder(),
                                listing.target().category(),
                                listing.target().mediaType(),
                                null),
                        entry.folder()),
                listing.options(),
                batch,
                false,
                Set.of(),
                mark.on(entry.metadata()),
                sameHost ? secret : LinkSecret.NONE,
                listing.priority(),
                size == null || size < 0 ? -1 : size);
    }

    /** The row it becomes. */
    Download row(String id, String canonical, @Nullable String secretRef, Instant now) {
        var state = paused ? DownloadState.PAUSED : DownloadState.QUEUED;
        return new Download(
                id,
                Download.Kind.FILE,
                new Source(link.text(), canonical, host.id(), null, trust),
                target,
                options,
                batch,
                Status.NEW.with(state, Phase.NONE, null),
                new Metrics(size, 0, 0, 0),
                promised,
                null,
                metadata,
                secretRef,
                priority,
                0,
                now,
                now,
                null);
    }

    /** A target in the relative folder a host suggests, if that is a sane one. */
    static Target within(Target target, @Nullable String suggested) {
        if (suggested == null || suggested.isBlank()) {
            return target;
        }
        String safe;
        try {
            safe = relative(suggested);
        } catch (IllegalArgumentException e) {
            // A suggestion only; the file is what matters.
            return target;
        }
        var folder = target.folder();
        if (folder != null) {
            return new Target(
                    target.name(),
                    target.nameGiven(),
                    folder.resolve(safe),
                    target.category(),
                    target.mediaType(),
                    target.placed());
        }
        var category = target.category();
        return target.withCategory(category == null ? safe : category + "/" + safe);
    }

    /** The category as it is stored: safe segments, joined by slashes. */
    static @Nullable String category(@Nullable String wish) throws RefusedException {
        if (wish == null || wish.isBlank()) {
            return null;
        }
        try {
            return relative(wish);
        } catch (IllegalArgumentException e) {
            throw invalid("The category cannot be a folder: " + e.getMessage());
        }
    }

    private static String relative(String foreign) {
        var safe = ANY_ROOT.relativize(SafeNames.resolve(ANY_ROOT, foreign));
        return safe.toString().replace('\\', '/');
    }

    private static String safeName(String wish) throws RefusedException {
        if (wish.isBlank()) {
            throw invalid("The file name is empty.");
        }
        return SafeNames.chosenName(wish, "download");
    }

    private static Host chosen(Link link, Trust trust, HostRegistry hosts) throws RefusedException {
        if (link.scheme().equals("file") && trust != Trust.OPERATOR) {
            throw new RefusedException(
                    Reason.BLOCKED, "file: links are for the operator's own command line only.");
        }
        return hosts.choose(link);
    }

    private static RefusedException invalid(String message) {
        return new RefusedException(Reason.INVALID, message);
    }
}
