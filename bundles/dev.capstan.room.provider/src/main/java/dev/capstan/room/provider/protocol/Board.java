package dev.capstan.room.provider.protocol;

import dev.capstan.room.Room.Member;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.piece.MemberSource.Holder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is there and has which piece (R10). Safe for any number of threads: its monitor guards the
 * table, and nothing but the table is touched under it.
 */
final class Board {
    private final List<Piece> pieces;
    private final List<String> users;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private int unfinished;
    private Versions versions = new Versions(0, 0, 0);

    /**
     * How often it changed.
     *
     * @param members somebody came or went
     * @param statuses a piece got another status or error
     * @param moves a piece got more bytes, or one of the others
     */
    record Versions(long members, long statuses, long moves) {}

    private static final class Row {
        final List<PieceState> states;
        final BitSet changed = new BitSet();
        boolean isChanged;
        boolean hasNews;
        boolean isConnected;

        Row(List<PieceState> states) {
            this.states = states;
        }
    }

    Board(RoomConfig config) {
        pieces = config.pieces();
        users = List.copyOf(config.users().keySet());
        for (var user : config.users().keySet()) {
            var states = new ArrayList<PieceState>();
            pieces.forEach(piece -> states.add(PieceState.NOT_STARTED));
            rows.put(user, new Row(states));
        }
        unfinished = rows.size() * pieces.size();
    }

    /** Users by place. */
    List<String> users() {
        return users;
    }

    synchronized void connected(String user, boolean connected) {
        var row = row(user);
        if (row.isConnected != connected) {
            row.isConnected = connected;
            row.isChanged = true;
            versions = new Versions(versions.members + 1, versions.statuses, versions.moves + 1);
        }
    }

    /** Who is there is not known any more. */
    synchronized void disconnected() {
        rows.keySet().forEach(user -> connected(user, false));
    }

    synchronized void put(String user, SortedMap<Integer, PieceState> states) {
        states.forEach((place, state) -> put(user, place, state));
    }

    synchronized void put(String user, int place, PieceState state) {
        var row = row(user);
        var before = row.states.set(place, state);
        if (before.equals(state)) {
            return;
        }
        unfinished += (isFinished(before) ? 1 : 0) - (isFinished(state) ? 1 : 0);
        row.changed.set(place);
        var isNews =
                before.status() != state.status()
                        || !Objects.equals(before.progress().error(), state.progress().error());
        row.hasNews |= isNews;
        versions =
                new Versions(
                        versions.members, versions.statuses + (isNews ? 1 : 0), versions.moves + 1);
    }

    /** What a user says, with a flag on what differs from what others have (R10). */
    synchronized void putJudged(String user, SortedMap<Integer, PieceState> states) {
        states.forEach((place, state) -> put(user, place, judged(user, place, state)));
    }

    /** The same for one piece. */
    synchronized void putJudged(String user, int place, PieceState state) {
        put(user, place, judged(user, place, state));
    }

    private PieceState judged(String user, int place, PieceState state) {
        if (!isFinished(state)) {
            return state;
        }
        var digest = state.sha256();
        var promised = pieces.get(place).sha256();
        if (promised != null && !promised.equals(digest)) {
            return state.withError("The content is not the one that was promised.");
        }
        for (var other : rows.entrySet()) {
            var theirs = other.getValue().states.get(place);
            if (!other.getKey().equals(user)
                    && isFinished(theirs)
                    && !Objects.equals(theirs.sha256(), digest)) {
                return state.withError("The content differs from that of " + other.getKey() + ".");
            }
        }
        return state.withError(null);
    }

    synchronized PieceState state(String user, int place) {
        return row(user).states.get(place);
    }

    /** Whether what changed of a user is more than bytes. */
    synchronized boolean hasNews(String user) {
        return row(user).hasNews;
    }

    /** Reads what a message tells of this room. */
    List<Report> read(byte[] content) throws MalformedException {
        return Report.read(content, users, pieces.size());
    }

    /** Takes what changed since it was asked last. */
    synchronized List<Report> changes() {
        var reports = new ArrayList<Report>();
        rows.keySet().forEach(user -> changes(user).ifPresent(reports::add));
        return reports;
    }

    /** Takes what of a user changed since it was asked last. */
    synchronized Optional<Report> changes(String user) {
        var row = row(user);
        if (!row.isChanged && row.changed.isEmpty()) {
            return Optional.empty();
        }
        var states = new TreeMap<Integer, PieceState>();
        row.changed.stream().forEach(place -> states.put(place, row.states.get(place)));
        row.changed.clear();
        row.isChanged = false;
        row.hasNews = false;
        return Optional.of(new Report(user, row.isConnected, states));
    }

    /** Everything of everybody; what changes from now on is asked for with the changes. */
    synchronized List<Report> all() {
        return rows.keySet().stream().map(this::all).toList();
    }

    synchronized Report all(String user) {
        var row = row(user);
        var states = new TreeMap<Integer, PieceState>();
        for (var place = 0; place < pieces.size(); place++) {
            states.put(place, row.states.get(place));
        }
        return new Report(user, row.isConnected, states);
    }

    /** R13: who is there and has a piece with the digest that was promised. */
    synchronized List<Holder> holders(String sha256, String but) {
        var holders = new ArrayList<Holder>();
        for (var place = 0; place < pieces.size(); place++) {
            if (!sha256.equals(pieces.get(place).sha256())) {
                continue;
            }
            for (var row : rows.entrySet()) {
                var state = row.getValue().states.get(place);
                if (row.getValue().isConnected
                        && !row.getKey().equals(but)
                        && isFinished(state)
                        && sha256.equals(state.sha256())) {
                    holders.add(new Holder(row.getKey(), state.progress().bytes()));
                }
            }
        }
        return holders;
    }

    /** All bytes of a user that are there. */
    synchronized long bytes(String user) {
        return row(user).states.stream().mapToLong(state -> state.progress().bytes()).sum();
    }

    synchronized boolean isMoving(String user) {
        return row(user).states.stream().anyMatch(state -> state.status() == Status.IN_PROGRESS);
    }

    /** What went wrong with a user's pieces, the first of it. */
    synchronized Optional<String> failure(String user) {
        var states = row(user).states;
        for (var place = 0; place < pieces.size(); place++) {
            var state = states.get(place);
            if (state.status() == Status.ERROR) {
                return Optional.of(pieces.get(place).id() + ": " + state.progress().error());
            }
        }
        return Optional.empty();
    }

    synchronized boolean isFinished() {
        return unfinished == 0;
    }

    synchronized boolean isFinished(String user) {
        return row(user).states.stream().allMatch(Board::isFinished);
    }

    boolean has(String user) {
        // Rows are never added or removed.
        return rows.containsKey(user);
    }

    synchronized Versions versions() {
        return versions;
    }

    /** A snapshot for people. */
    synchronized Map<String, Member> members() {
        var members = new LinkedHashMap<String, Member>();
        rows.forEach(
                (user, row) -> {
                    var progress = new LinkedHashMap<String, Progress>();
                    for (var place = 0; place < pieces.size(); place++) {
                        progress.put(pieces.get(place).id(), row.states.get(place).progress());
                    }
                    members.put(user, new Member(row.isConnected, progress));
                });
        return members;
    }

    /** What is odd about pieces that are there. */
    synchronized List<String> flags() {
        var flags = new ArrayList<String>();
        rows.forEach(
                (user, row) -> {
                    for (var place = 0; place < pieces.size(); place++) {
                        var state = row.states.get(place);
                        @Nullable String error = state.progress().error();
                        if (isFinished(state) && error != null) {
                            flags.add(user + ", " + pieces.get(place).id() + ": " + error);
                        }
                    }
                });
        return flags;
    }

    private Row row(String user) {
        return Objects.requireNonNull(rows.get(user), user);
    }

    private static boolean isFinished(PieceState state) {
        return state.status() == Status.FINISHED;
    }
}
