package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Page;
import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import dev.capstan.room.Room.Progress;
import java.util.List;
import java.util.Map.Entry;

/**
 * All there is to say of a room.
 *
 * @param room the room
 */
public record RoomStory(Room room) implements Shown {
    private static final int LABEL = 8;

    @Override
    public String render(int width, Style style) {
        var page = new Page(style, LABEL);
        page.heading(room.id());
        page.line("state", RoomWords.state(room), RoomWords.tint(room));
        page.line("reason", room.reason());
        page.line("as", room.user());
        page.line("joined", room.joined().toString());
        room.warnings().forEach(warning -> page.line("warning", warning, Style.Tint.WAITING));
        var text = new StringBuilder(page.toString());
        text.append('\n').append(members().render(width, style));
        var own = room.members().get(room.user());
        if (own != null) {
            text.append('\n').append(pieces(own).render(width, style));
        }
        return text.toString();
    }

    private Listing<Entry<String, Member>> members() {
        return new Listing<>(
                List.copyOf(room.members().entrySet()),
                List.of(
                        Column.left("USER", row -> Text.clean(row.getKey())),
                        Column.left("HERE", row -> row.getValue().connected() ? "yes" : "no"),
                        Column.right(
                                "HAS", row -> Units.percent(RoomWords.fraction(row.getValue()))),
                        Column.left("PIECES", row -> RoomWords.pieces(row.getValue()))),
                "");
    }

    private Listing<Entry<String, Progress>> pieces(Member own) {
        return new Listing<>(
                List.copyOf(own.pieces().entrySet()),
                List.of(
                        Column.left("PIECE", row -> Text.clean(row.getKey())),
                        Column.left("STATE", row -> RoomWords.piece(row.getValue())),
                        Column.cut("", this::note)),
                "");
    }

    private String note(Entry<String, Progress> piece) {
        var error = piece.getValue().error();
        var folder = room.result().get(piece.getKey());
        return error != null ? Text.clean(error) : folder == null ? "" : folder.toString();
    }
}
