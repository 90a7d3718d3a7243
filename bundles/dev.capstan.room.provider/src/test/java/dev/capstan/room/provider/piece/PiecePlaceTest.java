package dev.capstan.room.provider.piece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.name.SafeNames;
import dev.capstan.room.provider.document.MatchLock.Archive;
import dev.capstan.room.provider.document.MatchLock.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("R6, S3 A piece's folder comes and goes as a whole, and only where it may")
class PiecePlaceTest {
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    @TempDir private Path temp;

    @Test
    void a_folder_of_another_digest_is_replaced_as_a_whole() throws Exception {
        var folder = put(ONE, "old").folder();

        var place = PiecePlace.of(temp, piece(TWO));
        assertThat(place.whole()).isEmpty();
        put(TWO, "new");

        assertThat(PieceHost.names(folder)).containsExactly("file");
        assertThat(folder.resolve("file")).hasContent("new");
        assertThat(place.whole()).hasValue(new Arrived(TWO, 3, folder));
        assertThat(PiecePlace.of(temp, piece(ONE)).whole()).isEmpty();
    }

    @Test
    void what_a_user_adds_to_a_whole_folder_is_no_fault_of_it() throws Exception {
        var folder = put(ONE, "old").folder();
        Files.writeString(Files.createDirectory(folder.resolve("save")).resolve("game"), "mine");

        assertThat(PiecePlace.of(temp, piece(ONE)).whole()).hasValue(new Arrived(ONE, 3, folder));
    }

    @Test
    void what_a_user_added_or_changed_is_never_deleted() throws Exception {
        var folder = put(ONE, "old").folder();
        var save = Files.writeString(folder.resolve("save"), "mine");

        assertHeld(TWO, folder);
        assertThat(save).hasContent("mine");
        assertThat(PiecePlace.of(temp, piece(ONE)).whole()).isPresent();

        // A file is missing, and the same piece would have to be made again.
        Files.delete(folder.resolve("file"));
        assertHeld(ONE, folder);
        assertThat(save).hasContent("mine");

        // Once it is elsewhere, so can the piece be.
        Files.delete(save);
        put(ONE, "old");
        Files.writeString(folder.resolve("file"), "longer than it was");
        assertHeld(ONE, folder);
        assertThat(folder.resolve("file")).hasContent("longer than it was");

        Files.delete(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("file"), temp);
        assertHeld(ONE, folder);
    }

    @Test
    void what_a_user_adds_while_the_piece_is_made_is_not_deleted_either() throws Exception {
        var folder = put(ONE, "old").folder();
        var place = PiecePlace.of(temp, piece(TWO));
        var made = place.begin();
        Files.writeString(made.resolve("file"), "new");
        Files.writeString(folder.resolve("save"), "mine");

        assertThatThrownBy(() -> place.settle(made, TWO, 3, "file"))
                .isInstanceOf(PieceException.class)
                .hasMessage(foreign(folder));
        place.clean();

        assertThat(folder.resolve("save")).hasContent("mine");
        assertThat(PiecePlace.of(temp, piece(ONE)).whole()).isPresent();
        assertThat(PiecePlace.left(temp)).isEmpty();
    }

    @Test
    void what_a_killed_process_left_is_removed_and_the_old_folder_is_there_until_then()
            throws Exception {
        put(ONE, "old");
        var place = PiecePlace.of(temp, piece(TWO));
        Files.writeString(place.begin().resolve("file"), "half");
        // Here it is killed: nobody cleans.

        assertThat(temp.resolve("p/file")).hasContent("old");
        assertThat(PiecePlace.of(temp, piece(ONE)).whole()).isPresent();
        var left = PiecePlace.left(temp);
        assertThat(left.keySet()).hasSize(1);
        assertThat(left.values()).containsOnly(PiecePlace.key(temp, "p"));

        put(TWO, "new");
        assertThat(PiecePlace.left(temp)).isEmpty();
        assertThat(temp.resolve("p/file")).hasContent("new");
    }

    @Test
    void a_kill_between_moving_aside_and_moving_in_loses_nothing() throws Exception {
        put(ONE, "old");
        killedBetween(TWO);

        for (var leftover : PiecePlace.left(temp).keySet()) {
            PiecePlace.tidy(leftover);
        }

        assertThat(PiecePlace.left(temp)).isEmpty();
        assertThat(temp.resolve("p/file")).hasContent("old");
        put(TWO, "new");
        assertThat(temp.resolve("p/file")).hasContent("new");
        assertThat(PieceHost.names(temp)).hasSize(2);
    }

    @Test
    void a_kill_between_the_two_moves_loses_nothing_that_was_added_whoever_comes_next()
            throws Exception {
        var folder = put(ONE, "old").folder();
        killedBetween(TWO);
        Files.writeString(Path.of(PiecePlace.key(temp, "p") + ".old").resolve("save"), "mine");

        assertHeld(TWO, folder);
        assertThat(folder.resolve("save")).hasContent("mine");

        // Nor where something came to be in its place meanwhile.
        var old = Files.move(folder, Path.of(PiecePlace.key(temp, "p") + ".old"));
        Files.createDirectory(folder);
        assertThatThrownBy(() -> PiecePlace.tidy(old)).hasMessage(foreign(old));
        assertThatThrownBy(() -> put(TWO, "new")).hasMessage(foreign(old));
        assertThat(old.resolve("save")).hasContent("mine");
    }

    @Test
    void a_marker_that_was_not_finished_is_not_believed_and_its_folder_is_ours() throws Exception {
        put(ONE, "old");
        var marker = marker();
        Files.writeString(
                marker, Files.readString(marker).replace("state placed", "state placing"));

        assertThat(PiecePlace.of(temp, piece(ONE)).whole()).isEmpty();

        put(ONE, "new");
        assertThat(temp.resolve("p/file")).hasContent("new");
    }

    @Test
    void damaged_markers_say_nothing() throws Exception {
        put(ONE, "old");
        var good = Files.readString(marker());
        for (var bad :
                List.of(
                        "",
                        "rubbish",
                        good.replace("capstan-piece 1", "capstan-piece 2"),
                        good.replace("bytes 3", "bytes many"),
                        good.replace("files 1", "files 2"),
                        good.replace("has 3", "has three"),
                        good.replace("has 3 file", "has 3"),
                        good.replace("wish ", "wish 0"))) {
            Files.writeString(marker(), bad);
            assertThat(PiecePlace.of(temp, piece(ONE)).whole()).as(bad).isEmpty();
        }
    }

    @Test
    void what_capstan_did_not_make_is_never_touched() throws Exception {
        var own = Files.createDirectory(temp.resolve("p"));
        Files.writeString(own.resolve("diary"), "mine");

        assertThatThrownBy(() -> put(ONE, "new"))
                .isInstanceOf(PieceException.class)
                .hasMessageContaining("in the way");

        assertThat(own.resolve("diary")).hasContent("mine");
        assertThat(PieceHost.names(temp)).containsExactly("p");
    }

    @Test
    void links_at_target_staging_marker_and_folder_are_not_followed() throws Exception {
        var outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "kept");
        var pieces = Files.createDirectory(temp.resolve("pieces"));

        // At the target.
        Files.createSymbolicLink(pieces.resolve("p"), outside);
        assertThatThrownBy(() -> put(pieces, ONE, "x")).isInstanceOf(PieceException.class);
        Files.delete(pieces.resolve("p"));

        // At what is made and at what is replaced: the links go, and not what they lead to.
        var key = PiecePlace.key(pieces, "p").toString();
        Files.createSymbolicLink(Path.of(key + ".new"), outside);
        Files.createSymbolicLink(Path.of(key + ".old"), outside);
        Files.createSymbolicLink(Path.of(key + ".piece.new"), outside.resolve("precious"));
        put(pieces, ONE, "x");

        // At the marker: it is not read through the link, nor written.
        var forged = Files.move(Path.of(key + ".piece"), outside.resolve("marker"));
        Files.createSymbolicLink(Path.of(key + ".piece"), forged);
        assertThatThrownBy(() -> PiecePlace.of(pieces, piece(ONE)).whole())
                .isInstanceOf(IOException.class);

        // At the folder of all pieces.
        var planted = Files.createSymbolicLink(temp.resolve("planted"), outside);
        assertThatThrownBy(() -> put(planted, ONE, "x"))
                .isInstanceOf(PieceException.class)
                .hasMessageContaining("symbolic link");
        assertThat(PieceHost.names(outside)).containsExactly("marker", "precious");
        assertThat(outside.resolve("precious")).hasContent("kept");
    }

    @Test
    void R2_no_two_ids_have_folders_that_are_one_where_case_does_not_count() {
        var ids =
                List.of(
                        "ryu",
                        "Ryu",
                        "RYU",
                        "r.yu",
                        "..",
                        "...",
                        "con",
                        "CON",
                        "a:b",
                        "a_b",
                        "é",
                        "É",
                        "e\u0301",
                        "straße",
                        "strasse",
                        "STRASSE",
                        "~",
                        "x ",
                        "x",
                        ".x",
                        "\u0436".repeat(128),
                        "\u0436".repeat(127) + "\u0437",
                        "\u4e00".repeat(128),
                        PieceNames.folder("Ryu"));

        var keys = ids.stream().map(PieceNames::folder).map(SafeNames::collisionKey).toList();

        assertThat(keys).doesNotHaveDuplicates();
        assertThat(PieceNames.folder("ryu")).isEqualTo("ryu");
        assertThat(ids.stream().map(PieceNames::folder))
                .allMatch(name -> SafeNames.fileName(name, "-").equals(name));
    }

    @Test
    void a_link_is_shown_without_its_secrets() {
        assertThat(PieceNames.shown("https://u:p@h.test:8/a/b.zip?key=1#f"))
                .isEqualTo("https://h.test:8/a/b.zip");
        assertThat(PieceNames.shown("https://h.test?u=a@b")).isEqualTo("https://h.test");
        assertThat(PieceNames.shown("https://h.test/a@b")).isEqualTo("https://h.test/a@b");
        assertThat(PieceNames.shown("magic:word?x")).isEqualTo("magic:word");
    }

    private Arrived put(String sha256, String text) throws Exception {
        return put(temp, sha256, text);
    }

    private static Arrived put(Path folder, String sha256, String text) throws Exception {
        var place = PiecePlace.of(folder, piece(sha256));
        try {
            var made = place.begin();
            Files.writeString(made.resolve("file"), text);
            return place.settle(made, sha256, text.length(), "file");
        } finally {
            place.clean();
        }
    }

    private void assertHeld(String sha256, Path folder) {
        assertThatThrownBy(() -> put(sha256, "new"))
                .isInstanceOf(PieceException.class)
                .hasMessage(foreign(folder));
    }

    private static String foreign(Path folder) {
        return folder + " holds files that Capstan did not put there. Move them elsewhere.";
    }

    /** As a kill leaves it that comes when the old folder is aside and the new one not there. */
    private void killedBetween(String sha256) throws Exception {
        var place = PiecePlace.of(temp, piece(sha256));
        var made = place.begin();
        Files.writeString(made.resolve("file"), "new");
        var before = PieceMarker.read(marker()).orElseThrow();
        new PieceMarker(
                        "p",
                        false,
                        "0".repeat(64),
                        sha256,
                        3,
                        "file",
                        PieceMarker.contained(made),
                        before.all())
                .write(marker());
        Files.move(temp.resolve("p"), Path.of(PiecePlace.key(temp, "p") + ".old"));
    }

    private Path marker() {
        return Path.of(PiecePlace.key(temp, "p") + ".piece");
    }

    private static Piece piece(@Nullable String sha256) {
        return new Piece(
                "p", null, null, null, List.of("http://h/file"), sha256, -1, Archive.AUTO, null);
    }
}
