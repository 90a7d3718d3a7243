package dev.capstan.room.provider.piece;

import dev.capstan.content.Digest;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.piece.PieceException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What is done for one piece: looked for, fetched link by link until one is right, and placed (R5).
 * Used at the desk.
 */
final class Effort implements Rows.Follower {
    private static final long BETWEEN = Duration.ofMillis(500).toNanos();
    private static final int MOST_REASON = 300;
    private static final int MOST_REASONS = 4_000;

    private final Piece piece;
    private final Delivery delivery;
    private final List<String> links;
    private final List<String> reasons = new ArrayList<>();

    /** Members that gave it, or did not: none of them is asked for it again. */
    private final Set<String> asked = new HashSet<>();

    private int link;
    private long bytes;
    private long total;
    private long toldAt;
    private boolean isCounted;
    private boolean isWaiting;
    private boolean isFetched;
    private @Nullable Future<?> work;

    Effort(Piece piece, Delivery delivery) {
        this.piece = piece;
        this.delivery = delivery;
        links = piece.resolvables().stream().distinct().toList();
    }

    /** Begins, from the first link. */
    void begin() {
        reasons.clear();
        link = 0;
        isFetched = false;
        renew();
        tell();
        var order = delivery.order();
        var disk = delivery.fetcher().disk();
        work =
                delivery.fetcher()
                        .onDisk(
                                place(),
                                () -> disk.look(order.folder(), order.engine(), piece),
                                this::looked);
    }

    /** Stops whatever is done for it. */
    void end() {
        if (work != null) {
            work.cancel(true);
        }
        isWaiting = false;
        delivery.fetcher().rows().giveUp(this, () -> {});
    }

    @Override
    public boolean isWaiting() {
        return isWaiting;
    }

    @Override
    public void moved(long now, long all) {
        if (isWaiting) {
            bytes = Math.max(bytes, now);
            total = all >= 0 ? all : total;
            if (System.nanoTime() - toldAt >= BETWEEN) {
                tell();
            }
        }
    }

    @Override
    public void landed(Digest digest) {
        if (!isWaiting) {
            return;
        }
        isWaiting = false;
        var promised = piece.sha256();
        if (promised != null && !promised.equals(digest.hex())) {
            // The row was another's, who was promised nothing.
            next("It has other bytes than were promised.");
        } else {
            isFetched = true;
            place(new Finding.InStore(digest, links.get(link)));
        }
    }

    @Override
    public void failed(String reason) {
        if (!isWaiting) {
            return;
        }
        isWaiting = false;
        delivery.fetcher().rows().giveUp(this, () -> next(reason));
    }

    private void looked(@Nullable Finding found, @Nullable Throwable error) {
        if (delivery.isClosed()) {
            return;
        }
        if (found instanceof Finding.Here here) {
            delivery.finished(piece, here.piece());
        } else if (found instanceof Finding.Nowhere) {
            fetch();
        } else if (found != null) {
            place(found);
        } else {
            fail(said(error));
        }
        if (!isCounted) {
            isCounted = true;
            delivery.known();
        }
    }

    private void fetch() {
        if (isAskedOfMember()) {
            return;
        }
        if (link >= links.size()) {
            fail(reasons.isEmpty() ? "There is no link for it." : String.join("\n", reasons));
            return;
        }
        renew();
        isWaiting = true;
        var order = delivery.order();
        delivery.want(new Rows.Wish(piece, links.get(link), order.trust(), order.batch(), this));
    }

    /** R13: whoever has it already is asked, each once, before the next link is. */
    private boolean isAskedOfMember() {
        var members = delivery.order().members();
        var promised = piece.sha256();
        if (members == null || promised == null) {
            return false;
        }
        for (var holder : members.holders(promised)) {
            var isLikely = piece.size() < 0 || piece.size() == holder.bytes();
            if (isLikely && asked.add(holder.user())) {
                renew();
                work =
                        delivery.fetcher()
                                .take(
                                        members,
                                        promised,
                                        holder,
                                        now -> came(now, holder.bytes()),
                                        (digest, error) -> given(holder, digest, error));
                return true;
            }
        }
        return false;
    }

    private void came(long now, long all) {
        bytes = Math.max(bytes, now);
        total = all;
        if (!delivery.isClosed() && System.nanoTime() - toldAt >= BETWEEN) {
            tell();
        }
    }

    private void given(MemberSource.Holder by, @Nullable Digest digest, @Nullable Throwable error) {
        if (delivery.isClosed()) {
            return;
        }
        if (digest != null) {
            place(new Finding.InStore(digest, null));
            return;
        }
        var why = error instanceof IOException ? String.valueOf(error.getMessage()) : said(error);
        reasons.add("From " + by.user() + ": " + cut(why, MOST_REASON));
        fetch();
    }

    private void next(String reason) {
        if (delivery.isClosed()) {
            return;
        }
        reasons.add(PieceNames.shown(links.get(link)) + ": " + cut(reason, MOST_REASON));
        link++;
        fetch();
    }

    private void place(Finding found) {
        var folder = delivery.order().folder();
        var disk = delivery.fetcher().disk();
        work =
                delivery.fetcher()
                        .onDisk(place(), () -> disk.place(folder, piece, found), this::placed);
    }

    private void placed(@Nullable Arrived arrived, @Nullable Throwable error) {
        if (delivery.isClosed()) {
            return;
        }
        if (arrived != null) {
            delivery.finished(piece, arrived);
            return;
        }
        var reason = error instanceof PieceException known ? known.reason() : Reason.PLACE;
        if (reason == Reason.PLACE || (reason == Reason.CONTENT && piece.sha256() != null)) {
            // All links of a promised piece have the same bytes, or wrong ones.
            fail(said(error));
        } else if (isFetched) {
            next(said(error));
        } else {
            fetch();
        }
    }

    private Path place() {
        return PiecePlace.key(delivery.order().folder(), piece.id());
    }

    /** A source of its own begins at 0. */
    private void renew() {
        bytes = 0;
        total = piece.size();
    }

    private void tell() {
        toldAt = System.nanoTime();
        delivery.moved(piece, new Progress(Status.IN_PROGRESS, bytes, total, null));
    }

    private void fail(String reason) {
        delivery.failed(piece, new Progress(Status.ERROR, bytes, total, cut(reason, MOST_REASONS)));
    }

    private static String said(@Nullable Throwable error) {
        if (error instanceof PieceException known) {
            return String.valueOf(known.getMessage());
        }
        return "An error of ours: " + error;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
