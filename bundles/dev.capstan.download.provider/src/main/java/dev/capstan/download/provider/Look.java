package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Preview;
import dev.capstan.download.Preview.Problem;
import dev.capstan.download.Previews;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext.Purpose;
import dev.capstan.name.SafeNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at one link, within a time: the file, or the files of a listing with those of the
 * listings in it, in the order in which they are found. Used by one thread.
 */
final class Look {
    private static final Path ANY_ROOT = Path.of("/").toAbsolutePath();

    private final Workshop shop;
    private final Host host;
    private final Download row;
    private final LinkSecret secret;
    private final long end;
    private final List<Preview.File> files = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private long total;
    private boolean isWhole = true;

    /** A listing that is still to be gone through, and the folder its files are for. */
    private record Nested(String link, @Nullable String folder, int depth) {}

    Look(Workshop shop, Host host, Download row, LinkSecret secret, Duration limit) {
        this.shop = shop;
        this.host = host;
        this.row = row;
        this.secret = secret;
        end = System.nanoTime() + limit.toNanos();
    }

    Preview at(String link) throws DownloadException, InterruptedException, Stopped {
        var service = host.service().orElseThrow(() -> new Stopped(Stop.HOST_GONE));
        var canonical = row.source().canonical();
        var context = context();
        var existing = existing(row);
        var resolution = service.resolve(canonical, context, left());
        if (resolution instanceof Resolution.Found found) {
            return file(link, found.file(), existing);
        }
        if (resolution instanceof Resolution.Listing listing) {
            seen.add(canonical);
            expand(service, context, listing);
            var name = SafeNames.fileName(listing.name(), "listing");
            return new Preview(
                    link,
                    host.id(),
                    name,
                    -1,
                    existing,
                    new Preview.Listing(files, total, isWhole),
                    null);
        }
        var reason = resolution instanceof Resolution.Later later ? later.reason() : "";
        return new Preview(link, host.id(), null, -1, existing, null, new Problem("LATER", reason));
    }

    private Preview file(String link, RemoteFile file, @Nullable String existing) {
        var known = row.target().name();
        var told = file.name();
        var name =
                known != null ? known : told == null ? null : SafeNames.fileName(told, "download");
        var size = file.size();
        return new Preview(link, host.id(), name, size == null ? -1 : size, existing, null, null);
    }

    /** What cannot be read of a listing in a listing, or not in time, is left out. */
    private void expand(HostService service, HostContext context, Resolution.Listing listing)
            throws DownloadException, InterruptedException, Stopped {
        var nested = new ArrayDeque<Nested>();
        pages(service, context, listing, new Nested("", null, 0), nested);
        for (var next = nested.poll(); next != null; next = nested.poll()) {
            try {
                context.begin(left());
                var inner = service.resolve(next.link(), context, left());
                if (inner instanceof Resolution.Listing more) {
                    pages(service, context, more, next, nested);
                }
            } catch (DownloadException e) {
                isWhole = false;
            }
        }
    }

    private void pages(
            HostService service,
            HostContext context,
            Resolution.Listing listing,
            Nested place,
            ArrayDeque<Nested> nested)
            throws DownloadException, InterruptedException, Stopped {
        var cursors = new HashSet<@Nullable String>();
        String cursor = null;
        try {
            while (cursors.add(cursor)) {
                context.begin(left());
                var page = service.page(listing.pages(), cursor, left());
                take(page.entries(), place, nested);
                cursor = page.next();
                if (cursor == null) {
                    return;
                }
                if (total >= shop.settings().get().maxListing()) {
                    break;
                }
            }
            isWhole = cursor == null && isWhole;
        } catch (DownloadException e) {
            if (total == 0 && place.depth() == 0) {
                throw e;
            }
            isWhole = false;
        }
    }

    private void take(List<Resolution.Entry> entries, Nested place, ArrayDeque<Nested> nested)
            throws InterruptedException {
        var shown = new ArrayList<Resolution.Entry>();
        for (var entry : entries) {
            if (isListing(entry)) {
                if (place.depth() < Expansion.DEEPEST && seen.add(entry.link())) {
                    nested.add(new Nested(entry.link(), folder(place, entry), place.depth() + 1));
                }
                continue;
            }
            total++;
            if (files.size() + shown.size() < Previews.MOST_FILES) {
                shown.add(entry);
            }
        }
        var requests = shown.stream().map(entry -> DownloadRequest.of(entry.link())).toList();
        var looked = shop.intake().look(requests);
        for (int i = 0; i < shown.size(); i++) {
            var entry = shown.get(i);
            var name = entry.name();
            var size = entry.size();
            var known = looked.get(i).row();
            files.add(
                    new Preview.File(
                            entry.link(),
                            name == null ? null : SafeNames.fileName(name, "download"),
                            size == null || size < 0 ? -1 : size,
                            folder(place, entry),
                            known == null ? null : existing(known)));
        }
    }

    /** What is to lie in a folder of its own name is a folder. */
    private static boolean isListing(Resolution.Entry entry) {
        var folder = entry.folder();
        return entry.size() == null && folder != null && folder.equals(entry.name());
    }

    private static @Nullable String folder(Nested place, Resolution.Entry entry) {
        var own = entry.folder();
        if (own == null || own.isBlank()) {
            return place.folder();
        }
        try {
            var safe = ANY_ROOT.relativize(SafeNames.resolve(ANY_ROOT, own)).toString();
            return place.folder() == null ? safe : place.folder() + "/" + safe;
        } catch (IllegalArgumentException e) {
            return place.folder(); // a suggestion only
        }
    }

    /** The newest download of the same link that brings it, or brought it. */
    private @Nullable String existing(Download wish) {
        var source = wish.source();
        return shop.store().withLink(source.host(), source.canonical()).stream()
                .filter(known -> known.state() != DownloadState.FAILED)
                .filter(known -> known.state() != DownloadState.CANCELLED)
                .map(Download::id)
                .findFirst()
                .orElse(null);
    }

    private HostContext context() throws DownloadException {
        return new HostContext(
                row, secret, shop.outbound(), () -> {}, shop.clock(), left(), Purpose.PREVIEW);
    }

    /** The time of one call: as for a download, and within that of the whole look. */
    private Duration left() throws DownloadException {
        var left = Duration.ofNanos(end - System.nanoTime());
        if (left.isNegative() || left.isZero()) {
            throw new DownloadException(ErrorClass.TIMEOUT, "It was not looked at in time.");
        }
        var most = shop.settings().get().resolveLimit();
        return left.compareTo(most) < 0 ? left : most;
    }
}
