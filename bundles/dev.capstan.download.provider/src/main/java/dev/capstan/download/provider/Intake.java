package dev.capstan.download.provider;

import dev.capstan.download.Added;
import dev.capstan.download.Added.Outcome;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.Source;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.host.spi.Resolution;
import dev.capstan.name.Ulid;
import dev.capstan.secret.spi.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of wishes: checks them, chooses their hosts, puts their secrets away, and merges them
 * with what is there (Q9). A wish that is refused does not harm the others.
 *
 * <p>Safe for any thread. Blocks for the hosts' {@code recognise} and one durable write.
 */
final class Intake {
    private static final System.Logger LOG = System.getLogger(Intake.class.getName());

    private final HostRegistry hosts;
    private final Ledger ledger;
    private final Secrets secrets;
    private final Ulid ulids;
    private final Clock clock;

    Intake(HostRegistry hosts, Ledger ledger, Secrets secrets, Ulid ulids, Clock clock) {
        this.hosts = hosts;
        this.ledger = ledger;
        this.secrets = secrets;
        this.ulids = ulids;
        this.clock = clock;
    }

    /** Reads and checks what users ask for, without waiting for anything. */
    List<Wish> read(List<DownloadRequest> requests) {
        var wishes = new ArrayList<Wish>(requests.size());
        for (var request : requests) {
            wishes.add(Wish.of(() -> Draft.of(request, hosts)));
        }
        return wishes;
    }

    /** Adds what was read; one answer each, in order. */
    List<Added> add(List<Wish> wishes) throws InterruptedException {
        take(wishes, null, UnaryOperator.identity());
        return wishes.stream().map(Wish::answer).toList();
    }

    /**
     * What a link means.
     *
     * @throws RefusedException if no host takes it
     */
    Source named(String link) throws RefusedException, InterruptedException {
        var wish = Wish.of(() -> Draft.of(DownloadRequest.of(link), hosts));
        recognise(List.of(wish));
        var draft = wish.draft;
        if (draft == null) {
            throw Objects.requireNonNull(wish.answer().refusal());
        }
        return new Source(
                draft.link().text(), wish.canonical, draft.host().id(), null, draft.trust());
    }

    /**
     * What links would become, without adding them.
     *
     * @return one answer each, in order
     */
    List<Looked> look(List<DownloadRequest> requests) throws InterruptedException {
        var wishes = read(requests);
        recognise(wishes);
        return wishes.stream().map(wish -> wish.looked(this)).toList();
    }

    /** A link before it is added: the row it would become, or why it would not. */
    record Looked(@Nullable Download row, LinkSecret secret, @Nullable RefusedException refusal) {}

    /**
     * Adds a page of a listing, together with the listing's own progress.
     *
     * @param listing the listing's row
     * @param marked gives it its new mark
     * @return how many entries were refused
     */
    int add(
            List<Resolution.Entry> entries,
            Row listing,
            UnaryOperator<Download> marked,
            BatchRef batch,
            ListingMark mark,
            LinkSecret secret)
            throws InterruptedException {
        var parent = listing.get();
        var wishes = new ArrayList<Wish>(entries.size());
        for (var entry : entries) {
            wishes.add(Wish.of(() -> Draft.of(entry, parent, batch, mark, secret, hosts)));
        }
        take(wishes, listing, marked);
        return (int) wishes.stream().filter(wish -> wish.draft == null).count();
    }

    /** Reads what was put away for a row. */
    LinkSecret secretOf(Download row) throws DownloadException {
        var reference = row.secretRef();
        if (reference == null) {
            return LinkSecret.NONE;
        }
        try {
            return secrets.get(reference).map(LinkSecret::parse).orElse(LinkSecret.NONE);
        } catch (IOException e) {
            throw new DownloadException(
                    ErrorClass.IO,
                    "The headers or the password of the link cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** Removes what was put away for a row that is no more. */
    void forgetSecret(Download row) {
        var reference = row.secretRef();
        if (reference != null) {
            forgetSecret(reference);
        }
    }

    private void take(List<Wish> wishes, @Nullable Row listing, UnaryOperator<Download> marked)
            throws InterruptedException {
        recognise(wishes);
        var rows = new ArrayList<Download>(wishes.size());
        var taken = new ArrayList<Wish>(wishes.size());
        for (var wish : wishes) {
            var row = wish.row(this);
            if (row != null) {
                rows.add(row);
                taken.add(wish);
            }
        }
        if (rows.isEmpty() && listing == null) {
            return;
        }
        var merge = new Merge();
        List<Added> results;
        try {
            results =
                    listing == null
                            ? ledger.add(rows, merge, null)
                            : listing.writeWith(marked, next -> ledger.add(rows, merge, next));
        } catch (RuntimeException e) {
            rows.forEach(this::forgetSecret);
            throw e;
        }
        merge.replacedSecrets().forEach(this::forgetSecret);
        for (var i = 0; i < results.size(); i++) {
            taken.get(i).answer = settled(results.get(i), rows.get(i));
        }
    }

    /** Asks each host once for all of its links. */
    private void recognise(List<Wish> wishes) throws InterruptedException {
        var byHost = new HashMap<Host, List<Wish>>();
        for (var wish : wishes) {
            if (wish.draft != null) {
                byHost.computeIfAbsent(wish.draft.host(), host -> new ArrayList<>()).add(wish);
            }
        }
        for (var group : byHost.entrySet()) {
            recognise(group.getKey(), group.getValue());
        }
    }

    private static void recognise(Host host, List<Wish> wishes) throws InterruptedException {
        var service = host.service();
        if (service.isEmpty()) {
            // It is away, and its links wait for it as they are.
            wishes.forEach(wish -> wish.recognised(host, Optional.of(wish.link())));
            return;
        }
        try {
            var canonical = service.get().recognise(wishes.stream().map(Wish::link).toList());
            for (var i = 0; i < wishes.size(); i++) {
                wishes.get(i).recognised(host, canonical.get(i));
            }
        } catch (Stopped e) {
            wishes.forEach(wish -> wish.recognised(host, Optional.of(wish.link())));
        } catch (DownloadException e) {
            var refusal = new RefusedException(Reason.UNSUPPORTED, Errors.sentence(e));
            wishes.forEach(wish -> wish.refuse(refusal));
        }
    }

    /** Puts right what could not be seen inside the store's transaction. */
    private Added settled(Added result, Download wanted) {
        var row = result.download();
        if (row == null) {
            return result;
        }
        if (result.outcome() == Outcome.ALREADY_THERE && !isPlaced(row)) {
            var revived = Merge.revived(row, wanted);
            if (ledger.write(row, revived, Durability.DURABLE)) {
                return Added.of(Outcome.REVIVED, revived);
            }
        }
        if (!Objects.equals(row.secretRef(), wanted.secretRef())) {
            forgetSecret(wanted);
        }
        return result;
    }

    private static boolean isPlaced(Download row) {
        var placed = row.target().placed();
        try {
            return placed != null
                    && Files.isRegularFile(placed, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(placed) == row.metrics().size();
        } catch (IOException e) {
            return false;
        }
    }

    private @Nullable String put(String id, Draft draft) throws RefusedException {
        if (draft.secret().equals(LinkSecret.NONE)) {
            return null;
        }
        try {
            return secrets.put(secretName(id), draft.secret().text());
        } catch (IOException e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE,
                    "The headers or the password of the link could not be kept: " + e.getMessage());
        }
    }

    private void forgetSecret(String reference) {
        try {
            secrets.remove(reference);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "A secret could not be removed: " + e);
        }
    }

    private static String secretName(String id) {
        return "download-" + id;
    }

    /** One wish on its way to its answer. Used by one thread at a time. */
    static final class Wish {
        private @Nullable Draft draft;
        private String canonical = "";
        private @Nullable Added answer;

        /** Makes the draft of a wish. */
        interface Checked {
            Draft get() throws RefusedException;
        }

        static Wish of(Checked draft) {
            var wish = new Wish();
            try {
                wish.draft = draft.get();
            } catch (RefusedException e) {
                wish.refuse(e);
            }
            return wish;
        }

        String link() {
            return draft == null ? "" : draft.link().text();
        }

        void refuse(RefusedException refusal) {
            draft = null;
            answer = Added.refused(refusal);
        }

        void recognised(Host host, Optional<String> link) {
            if (link.isPresent()) {
                canonical = link.get();
                return;
            }
            refuse(
                    host.isCatchAll()
                            ? new RefusedException(
                                    Reason.INVALID, Link.shown(link()) + " is malformed.")
                            : new RefusedException(
                                    Reason.UNSUPPORTED,
                                    "Host "
                                            + host.id()
                                            + " finds no file behind "
                                            + Link.shown(link())));
        }

        @Nullable Download row(Intake intake) {
            var checked = draft;
            if (checked == null) {
                return null;
            }
            var id = intake.ulids.next();
            try {
                return checked.row(id, canonical, intake.put(id, checked), intake.clock.instant());
            } catch (RefusedException e) {
                refuse(e);
                return null;
            }
        }

        Looked looked(Intake intake) {
            var checked = draft;
            if (checked == null) {
                return new Looked(null, LinkSecret.NONE, answer().refusal());
            }
            var row = checked.row("", canonical, null, intake.clock.instant());
            return new Looked(row, checked.secret(), null);
        }

        Added answer() {
            if (answer == null) {
                throw new IllegalStateException("A wish was left without an answer");
            }
            return answer;
        }
    }
}
