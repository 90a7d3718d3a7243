package dev.capstan.download.provider;

import dev.capstan.content.Digest;
import dev.capstan.download.Added.Outcome;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

/**
 * Q9: what becomes of a wish for a link that is known already. A download that waits or runs for
 * the same target stands for it; an ended one is revived, and its run finds out whether anything
 * has changed at the source.
 *
 * <p>Runs inside the store's transaction: pure but for the note of what was decided.
 */
final class Merge implements BinaryOperator<Download> {
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Set<String> replacedSecrets = ConcurrentHashMap.newKeySet();

    /** Secrets that newer ones took the place of. */
    Set<String> replacedSecrets() {
        return replacedSecrets;
    }

    /** What was decided for a wanted row. */
    Outcome outcomeOf(Download wanted) {
        return outcomes.getOrDefault(wanted.id(), Outcome.CREATED);
    }

    @Override
    public Download apply(Download stored, Download wanted) {
        if (isOfSameExpansion(stored, wanted)) {
            return decided(stored, wanted, Outcome.ALREADY_ACTIVE, stored);
        }
        if (!stored.state().isEnded()) {
            return suffices(stored, wanted)
                    ? decided(stored, wanted, Outcome.ALREADY_ACTIVE, standing(stored, wanted))
                    : decided(stored, wanted, Outcome.CREATED, wanted);
        }
        if (wanted.options().cacheOnly() && !stored.options().cacheOnly()) {
            // A file that was placed is not to become a stream in the list.
            return decided(stored, wanted, Outcome.CREATED, wanted);
        }
        if (isPromisedAndPlaced(stored, wanted)) {
            return decided(stored, wanted, Outcome.ALREADY_THERE, stored);
        }
        return decided(stored, wanted, Outcome.REVIVED, revived(stored, wanted));
    }

    private Download decided(Download stored, Download wanted, Outcome outcome, Download row) {
        outcomes.put(wanted.id(), outcome);
        var before = stored.secretRef();
        if (before != null && row.id().equals(stored.id()) && !before.equals(row.secretRef())) {
            replacedSecrets.add(before);
        }
        return row;
    }

    /** A listing that this expansion came through already: a cycle. */
    private static boolean isOfSameExpansion(Download stored, Download wanted) {
        var mark = ListingMark.of(stored);
        var wantedMark = ListingMark.of(wanted);
        return stored.kind() == Download.Kind.LISTING
                && mark != null
                && wantedMark != null
                && mark.run().equals(wantedMark.run());
    }

    /** The stored row, with what the newer wish knows better. */
    private static Download standing(Download stored, Download wanted) {
        var state = stored.state();
        if (state != DownloadState.QUEUED && state != DownloadState.PAUSED) {
            return stored;
        }
        var better = stored.copy();
        var changed = false;
        if (wanted.secretRef() != null) {
            better.secretRef(wanted.secretRef());
            changed = true;
        }
        if (state == DownloadState.QUEUED && wanted.options().failInsteadOfWaiting()) {
            // Somebody waits at a terminal: not for the rest of a back-off.
            better.options(isOfSameUse(stored, wanted) ? wanted.options() : stored.options())
                    .status(stored.status().with(state, Phase.NONE, null).forgiven());
            changed = true;
        }
        return changed ? better.updatedAfter(wanted.created()).build() : stored;
    }

    /**
     * Whether both want a file, or both the store alone; who wants more keeps what it asked for.
     */
    private static boolean isOfSameUse(Download stored, Download wanted) {
        return stored.options().cacheOnly() == wanted.options().cacheOnly()
                && Objects.equals(stored.options().lookAhead(), wanted.options().lookAhead());
    }

    /** Whether a download that is under way brings at least what is wished for. */
    private static boolean suffices(Download stored, Download wanted) {
        var wish = wanted.options();
        if (!wish.cacheOnly()) {
            return !stored.options().cacheOnly() && hasSameTarget(stored, wanted);
        }
        // Held back it brings the whole to nobody, and paused nothing.
        return stored.state() != DownloadState.PAUSED
                && (wish.lookAhead() != null || stored.options().lookAhead() == null);
    }

    private static boolean hasSameTarget(Download stored, Download wanted) {
        var there = stored.target();
        var wish = wanted.target();
        return Objects.equals(there.folder(), wish.folder())
                && Objects.equals(there.category(), wish.category())
                && there.nameGiven() == wish.nameGiven()
                && (!wish.nameGiven() || Objects.equals(there.name(), wish.name()));
    }

    /** The bytes that are demanded are the ones that were placed; nobody need be asked. */
    private static boolean isPromisedAndPlaced(Download stored, Download wanted) {
        var digest = stored.digest();
        return stored.state() == DownloadState.COMPLETED
                && stored.target().placed() != null
                && digest != null
                && wanted.promised().contains(Digest.sha256(digest.hex()))
                && hasSameTarget(stored, wanted);
    }

    /** The stored row, queued again for the newer wish; batch and metadata stay. */
    static Download revived(Download stored, Download wanted) {
        var metadata = new HashMap<>(wanted.metadata());
        metadata.putAll(ListingMark.off(stored.metadata()));
        var mark = ListingMark.of(wanted);
        return stored.copy()
                .source(
                        new Source(
                                wanted.source().link(),
                                wanted.source().canonical(),
                                wanted.source().host(),
                                stored.source().key(),
                                wanted.source().trust()))
                .target(targetOf(stored.target(), wanted.target()))
                .options(wanted.options())
                .batch(stored.batch() != null ? stored.batch() : wanted.batch())
                .status(stored.status().with(wanted.state(), Phase.NONE, null).forgiven())
                .promised(wanted.promised())
                .metadata(mark == null ? metadata : mark.on(metadata))
                .secretRef(wanted.secretRef() != null ? wanted.secretRef() : stored.secretRef())
                .priority(wanted.priority())
                .updatedAfter(wanted.created())
                .completed(null)
                .build();
    }

    private static Target targetOf(Target stored, Target wanted) {
        var keepsName = !wanted.nameGiven() && !stored.nameGiven() && stored.name() != null;
        return new Target(
                keepsName ? stored.name() : wanted.name(),
                wanted.nameGiven(),
                wanted.folder(),
                wanted.category(),
                wanted.mediaType(),
                stored.placed());
    }
}
