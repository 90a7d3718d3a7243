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

    /** Pages in a row without an entry, after which the host is not believed. */
    private static final int EMPTY_PAGES_MOST = 100;

    /** Asks the host for a page. */
    @FunctionalInterface
    interface PageSource {
        Resolution.Page page(@Nullable String cursor) throws DownloadException, Stopped;
    }

    private final Workshop shop;
    private final Row row;
    private final Leash leash;
    private final LinkSecret secret;
    private long members;
    private long refused;

    Expansion(Workshop shop, Row row, Leash leash, LinkSecret secret) {
        this.shop = shop;
        this.row = row;
        this.leash = leash;
        this.secret = secret;
    }

    /** Expands the listing, or what was left of it. */
    void expand(Listing listing, PageSource pages) throws DownloadException, Stopped {
        var stored = ListingMark.of(row.get());
        var mark = stored != null ? stored : new ListingMark(0, shop.ulids().next(), null);
        if (mark.depth() > DEEPEST) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "The listing lies more than " + DEEPEST + " listings deep and is left out.");
        }
        var batch = batch(listing);
        row.note(
                known ->
                        known.copy()
                                .kind(Download.Kind.LISTING)
                                .batch(batch)
                                .target(known.target().withName(batch.name()))
                                .build());
        row.show(Phase.EXPANDING, null);
        members = shop.store().batch(batch.id()).map(Expansion::size).orElse(0L);
        var complete = fill(batch, mark, pages);
        row.move(known -> completed(known, words(complete)), Durability.DURABLE);
    }

    /** Fetches and adds pages; tells whether the listing came to its end. */
    private boolean fill(BatchRef batch, ListingMark from, PageSource pages)
            throws DownloadException, Stopped {
        var mark = from;
        var seen = new HashSet<@Nullable String>();
        var emptyPages = 0;
        while (seen.add(mark.cursor())) {
            var page = pages.page(mark.cursor());
            emptyPages = page.entries().isEmpty() ? emptyPages + 1 : 0;
            if (emptyPages > EMPTY_PAGES_MOST) {
                throw new DownloadException(
                        ErrorClass.HOST, "The host lists one empty page after another.");
            }
            var room = shop.settings().get().maxListing() - members;
            var fits = page.entries().size() <= room;
            add(fits ? page.entries() : page.entries().subList(0, (int) room), batch, mark, page);
            if (!fits) {
                return false;
            }
            if (page.next() == null) {
                return true;
            }
            mark = mark.at(page.next());
        }
        // The host sent us back to a page that we had: the listing ends in a circle.
        return true;
    }

    private void add(
            List<Resolution.Entry> entries, BatchRef batch, ListingMark mark, Resolution.Page page)
            throws Stopped {
        for (var from = 0; from < entries.size() || from == 0; from += AT_ONCE) {
            leash.check();
            var some = entries.subList(from, Math.min(from + AT_ONCE, entries.size()));
            var isLast = from + AT_ONCE >= entries.size();
            // A page that was not added whole is added again, and Q9 finds the doubles.
            var reached = isLast && page.next() != null ? mark.at(page.next()) : mark;
            row.note(known -> known.copy().metadata(reached.on(known.metadata())).build());
            var listing = row.get();
            try {
                var no = shop.intake().add(some, listing, batch, mark.deeper(), secret, listing);
                refused += no;
                members += some.size() - no;
            } catch (InterruptedException e) {
                throw new Stopped(Stop.SHUTDOWN);
            }
        }
    }

    private BatchRef batch(Listing listing) {
        var own = row.get().batch();
        if (own != null) {
            return own;
        }
        var name = SafeNames.fileName(listing.name(), "listing");
        return new BatchRef(shop.ulids().next(), name);
    }

    private Download completed(Download known, String words) {
        return known.copy()
                .status(known.status().with(DownloadState.COMPLETED, Phase.NONE, words).forgiven())
                .completed(shop.now())
                .build();
    }

    private String words(boolean complete) {
        var words =
                members == 0
                        ? "the listing is empty"
                        : members + (members == 1 ? " file" : " files");
        if (!complete) {
            words += ", and no more: the limit for one listing is reached";
        }
        return refused == 0 ? words : words + "; " + refused + " links were refused";
    }

    private static long size(Batch batch) {
        return batch.counts().values().stream().mapToLong(n -> n).sum();
    }
}
