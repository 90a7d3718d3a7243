package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rooms in words and numbers for people. */
final class RoomWords {

    private RoomWords() {}

    static String state(Room room) {
        return room.state().name().toLowerCase(Locale.ROOT);
    }

    static Tint tint(Room room) {
        return switch (room.state()) {
            case CONNECTING -> Tint.WAITING;
            case OPEN -> Tint.MOVING;
            case FINISHED -> Tint.DONE;
            case CLOSED -> Tint.QUIET;
            case FAILED -> Tint.FAILED;
        };
    }

    static long finished(Member member) {
        return count(member, Status.FINISHED);
    }

    static long failed(Member member) {
        return count(member, Status.ERROR);
    }

    private static long count(Member member, Status status) {
        return member.pieces().values().stream().filter(piece -> piece.status() == status).count();
    }

    static boolean hasAll(Member member) {
        return finished(member) == member.pieces().size();
    }

    /** How much of it all a member has, each piece counting the same: sizes come late. */
    static double fraction(Member member) {
        return member.pieces().values().stream()
                .mapToDouble(RoomWords::fraction)
                .average()
                .orElse(1);
    }

    private static double fraction(Progress piece) {
        if (piece.status() == Status.FINISHED) {
            return 1;
        }
        return piece.total() > 0 ? Math.min(1, (double) piece.bytes() / piece.total()) : 0;
    }

    static String pieces(Member member) {
        var failed = failed(member);
        var text = finished(member) + "/" + Units.count(member.pieces().size(), "piece");
        return failed == 0 ? text : text + ", " + failed + " failed";
    }

    static String piece(Progress piece) {
        return switch (piece.status()) {
            case NOT_STARTED -> "not started";
            case IN_PROGRESS -> Units.bytes(piece.bytes(), piece.total());
            case FINISHED -> "here";
            case ERROR -> "failed";
        };
    }

    /** What happened between two looks at a room, a sentence each. */
    static List<String> changes(@Nullable Room before, Room now) {
        var sentences = new ArrayList<String>();
        if (now.reason() != null
                && (before == null || !Objects.equals(before.reason(), now.reason()))) {
            sentences.add(now.reason());
        }
        now.members()
                .forEach(
                        (user, member) -> {
                            var last = before == null ? null : before.members().get(user);
                            sentences.addAll(changes(user, user.equals(now.user()), last, member));
                        });
        now.warnings().stream()
                .filter(warning -> before == null || !before.warnings().contains(warning))
                .forEach(sentences::add);
        return sentences.stream().map(Text::clean).toList();
    }

    private static List<String> changes(
            String user, boolean isOwn, @Nullable Member before, Member now) {
        var sentences = new ArrayList<String>();
        // Of this user the room's reason tells, and who has everything may go.
        var isMissed = !isOwn && !hasAll(now);
        var wasHere = before != null && before.connected();
        if (now.connected() && !wasHere) {
            sentences.add(user + " is here");
        } else if (!now.connected() && wasHere && isMissed) {
            sentences.add(user + " is gone");
        }
        now.pieces()
                .forEach(
                        (id, piece) -> {
                            var last = before == null ? null : before.pieces().get(id);
                            if (last != null && last.status() == piece.status()) {
                                return;
                            }
                            if (piece.status() == Status.ERROR) {
                                sentences.add(failure(isOwn ? id : user + ": " + id, piece));
                            } else if (isOwn && piece.status() == Status.FINISHED) {
                                sentences.add(id + ": " + Units.bytes(piece.bytes()));
                            }
                        });
        if (hasAll(now) && (before == null || !hasAll(before))) {
            sentences.add(user + " has everything");
        }
        return sentences;
    }

    private static String failure(String what, Progress piece) {
        return what + ": " + (piece.error() == null ? "failed" : piece.error());
    }
}
