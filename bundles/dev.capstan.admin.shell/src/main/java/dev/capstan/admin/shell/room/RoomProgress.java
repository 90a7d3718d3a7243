package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.get.LiveArea;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a room goes on, on standard error: what happens as lines; below them, on a terminal, a line
 * for each member that is painted again in place, elsewhere one for all now and then. Used by one
 * thread.
 */
final class RoomProgress implements AutoCloseable {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_LINES = 12;
    private static final int NAME = 16;
    private static final int PERCENT = 4;
    private static final int NARROW = 60;
    private static final int BAR = 24;
    private static final String GAP = "  ";

    private final @Nullable PrintStream out;
    private final @Nullable LiveArea area;
    private final int columns;
    private final Style style;
    private @Nullable Room last;
    private long next = System.nanoTime() + INTERVAL;

    private RoomProgress(
            @Nullable PrintStream out, @Nullable LiveArea area, int columns, Style style) {
        this.out = out;
        this.area = area;
        this.columns = columns;
        this.style = style;
    }

    /** What fits a call. */
    static RoomProgress on(Invocation call) {
        var console = call.console();
        if (call.arguments().has("quiet")) {
            return new RoomProgress(null, null, 0, Style.PLAIN);
        }
        return new RoomProgress(
                console.err(),
                console.errIsTerminal() ? new LiveArea(console.err()) : null,
                console.columns(),
                console.style());
    }

    void show(Room room) {
        if (out == null || room == last) {
            return;
        }
        var sentences = RoomWords.changes(last, room);
        last = room;
        if (!sentences.isEmpty()) {
            makeWay();
            sentences.forEach(out::println);
            out.flush();
        }
        if (area != null) {
            area.paint(lines(room));
        } else if (System.nanoTime() - next >= 0) {
            next = System.nanoTime() + INTERVAL;
            out.println(summary(room));
            out.flush();
        }
    }

    /** Makes way for other lines on the same terminal. */
    void makeWay() {
        if (area != null) {
            area.paint(List.of());
        }
    }

    @Override
    public void close() {
        makeWay();
    }

    private List<String> lines(Room room) {
        var lines = new ArrayList<String>();
        for (var member : room.members().entrySet()) {
            if (lines.size() == MOST_LINES) {
                var more = room.members().size() - MOST_LINES;
                lines.add(style.apply(Tint.QUIET, "and " + more + " more"));
                break;
            }
            lines.add(line(member.getKey(), member.getValue()));
        }
        return lines;
    }

    private String line(String user, Member member) {
        var name = Text.left(Text.cut(Text.clean(user), NAME), NAME);
        var line = new StringBuilder(name).append(GAP);
        var room = columns - 1 - NAME - 2 * GAP.length() - PERCENT;
        if (columns >= NARROW) {
            var filled = (int) (RoomWords.fraction(member) * BAR);
            line.append(style.apply(tint(member), "━".repeat(filled)));
            line.append(style.apply(Tint.QUIET, "─".repeat(BAR - filled))).append(GAP);
            room -= BAR + GAP.length();
        }
        line.append(Text.right(Units.percent(RoomWords.fraction(member)), PERCENT)).append(GAP);
        var what = (member.connected() ? "" : "not here, ") + RoomWords.pieces(member);
        return line.append(Text.cutEnd(what, room)).toString();
    }

    private static Tint tint(Member member) {
        if (RoomWords.failed(member) > 0) {
            return Tint.FAILED;
        }
        return RoomWords.hasAll(member) ? Tint.DONE : Tint.MOVING;
    }

    private static String summary(Room room) {
        var words = new StringJoiner(", ");
        room.members()
                .forEach(
                        (user, member) ->
                                words.add(Text.clean(user) + " " + RoomWords.pieces(member)));
        return words.toString();
    }
}
