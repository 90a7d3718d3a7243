package dev.capstan.download.provider;

import dev.capstan.download.Batch;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Listing;
import dev.capstan.name.SafeNames;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a listing into the downloads of a batch, page by page. With every page the listing's own
 * row notes where to go on, in the same write; so neither a pause nor a restart loses or doubles a
 * member. Nested listings join the batch and are expanded in their own turn, within limits of depth
 * and number; what one expansion came through already, it does not expand again.
 *
 * <p>Used by the run's thread.
 */
final class Expansion {
    static final int DEEPEST = 5;

    /** Entries of one write, so that a pause never waits for a long page. */
    private static final int AT_ONCE = 500;

    /** Pages in a row that list nothing new, after which the host is not believed. */
    private static final int IDLE_PAGES_MOST = 100;

    /** Asks the host for a page. */
    @FunctionalInterface
    interface PageSource {
        Resolution.Page page(@Nullable String cursor) throws DownloadException, Stopped;
    }

    private final Workshop shop;
    private final Row row;
    private final Leash leash;
    private final LinkSecret secret;
    private long inBatch;
    private long refused;
    private @Nullable String note;

    Expansion(Workshop shop, Row row, Leash leash, LinkSecret secret) {
        this.shop = shop;
        this.row = row;
        this.leash = leash;
        this.secret = secret;
    }

    /** Expands the listing, or what was left of it. */
    void expand(Listing listing, PageSource pages) throws DownloadException, Stopped {
        var stored = ListingMark.of(row.get());
        var mark = stored != null ? stored : ListingMark.first(shop.ulids().next());
        if (mark.depth() > DEEPEST) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "The listing lies more than " + DEEPEST + " listings deep and is left out.");
        }
        var name = SafeNames.fileName(listing.name(), "listing");
        var batch = batchNamed(name);
        row.note(
                known ->
                        known.copy()
                                .kind(Download.Kind.LISTING)
                                .batch(batch)
                                .target(known.target().withName(name))
                                .build());
        row.show(Phase.EXPANDING);
        inBatch = shop.store().batch(batch.id()).map(Expansion::size).orElse(0L);
        var words = fill(batch, mark, pages);
        row.note(known -> known.copy().completed(shop.now()).build());
        row.move(
                status -> status.with(DownloadState.COMPLETED, Phase.NONE, words).forgiven(),
                Durability.DURABLE);
    }

    /** Fetches and adds pages to the end, or to the limit; tells in words what became of it. */
    private String fill(BatchRef batch, ListingMark from, PageSource pages)
            throws DownloadException, Stopped {
        var mark = from;
        var seen = new HashSet<@Nullable String>();
        // Hashes are enough: a hundred pages of links that only look the same are not met.
        var listed = new HashSet<Integer>();
        var idlePages = 0;
        // A host that sends us back to a page that we had lists a circle, and has come to its end.
        while (seen.add(mark.cursor())) {
            var page = pages.page(mark.cursor());
            note = page.note() != null ? page.note() : note;
            var known = listed.size();
            page.entries().forEach(entry -> listed.add(entry.link().hashCode()));
            idlePages = listed.size() == known ? idlePages + 1 : 0;
            if (idlePages > IDLE_PAGES_MOST) {
                throw new DownloadException(
                        ErrorClass.HOST,
                        "The host gives one page after another with nothing new on it. Open the"
                                + " link in a browser to see what it lists.");
            }
            var room = Math.max(0, shop.settings().get().maxListing() - inBatch);
            var fits = page.entries().size() <= room;
            var some = fits ? page.entries() : page.entries().subList(0, (int) room);
            mark = add(some, batch, mark, page.next());
            if (!fits) {
                return words(mark.members()) + ", and no more: that is the limit for one listing";
            }
            if (page.next() == null) {
                break;
            }
        }
        return words(mark.members());
    }

    /** Adds a page; gives the mark behind it. */
    private ListingMark add(
            List<Resolution.Entry> entries, BatchRef batch, ListingMark mark, @Nullable String next)
            throws Stopped {
        var added = 0L;
        var reached = mark;
        for (var from = 0; from < entries.size() || from == 0; from += AT_ONCE) {
            leash.check();
            var some = entries.subList(from, Math.min(from + AT_ONCE, entries.size()));
            added += some.size();
            if (from + AT_ONCE >= entries.size()) {
                // A page that was not added whole is added again, and Q9 finds the doubles.
                reached = mark.at(next, mark.members() + added);
            }
            var now = reached;
            try {
                refused +=
                        shop.intake()
                                .add(
                                        some,
                                        row,
                                        known -> marked(known, now),
                                        batch,
                                        mark.deeper(),
                                        secret);
            } catch (InterruptedException e) {
                throw new Stopped(Stop.SHUTDOWN);
            }
        }
        inBatch += added;
        return reached;
    }

    private static Download marked(Download row, ListingMark mark) {
        return row.copy().metadata(mark.on(row.metadata())).build();
    }

    /** The batch it is in already, as a nested one is, or a new one. */
    private BatchRef batchNamed(String name) {
        var own = row.get().batch();
        return own != null ? own : new BatchRef(shop.ulids().next(), name);
    }

    private String words(long listed) {
        var taken = listed - refused;
        if (listed == 0) {
            return note != null ? note : "the listing is empty";
        }
        return taken
                + (taken == 1 ? " file" : " files")
                + (refused == 0 ? "" : "; " + refused)
                + (refused == 0 ? "" : refused == 1 ? " link was refused" : " links were refused")
                + (note == null ? "" : "; " + note);
    }

    private static long size(Batch batch) {
        return batch.counts().values().stream().mapToLong(n -> n).sum();
    }
}
