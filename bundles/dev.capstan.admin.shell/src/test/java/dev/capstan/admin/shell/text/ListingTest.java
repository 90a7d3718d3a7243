package dev.capstan.admin.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
    private record Row(String id, String size, String name) {}

    private static final Listing<Row> LISTING =
            new Listing<>(
                    List.of(
                            new Row("01KA", "1.50 KiB", "a.iso"),
                            new Row("01KAB", "12 B", "Some.Show.S01E02.1080p.mkv")),
                    List.of(
                            Column.left("ID", Row::id),
                            Column.right("SIZE", Row::size),
                            Column.cut("NAME", Row::name)),
                    "2 rows");

    @Test
    void columnsAlign() {
        assertThat(LISTING.render(0, Style.PLAIN))
                .isEqualTo(
                        """
                        ID         SIZE  NAME
                        01KA   1.50 KiB  a.iso
                        01KAB      12 B  Some.Show.S01E02.1080p.mkv
                        2 rows
                        """);
    }

    @Test
    void aNarrowTerminalCutsNamesInTheMiddle() {
        assertThat(LISTING.render(32, Style.PLAIN))
                .isEqualTo(
                        """
                        ID         SIZE  NAME
                        01KA   1.50 KiB  a.iso
                        01KAB      12 B  Some.Sh…80p.mkv
                        2 rows
                        """);
    }

    @Test
    void aVeryNarrowTerminalLeavesNumbersOut() {
        assertThat(LISTING.render(20, Style.PLAIN))
                .isEqualTo(
                        """
                        ID     NAME
                        01KA   a.iso
                        01KAB  Some.S…0p.mkv
                        2 rows
                        """);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 20, 25, 33, 40, 80, 200})
    void noLineIsWiderThanTheTerminal(int width) {
        assertThat(LISTING.render(width, Style.PLAIN).lines())
                .allSatisfy(line -> assertThat(Text.width(line)).isLessThanOrEqualTo(width));
    }

    @Test
    void coloursChangeNoColumn() {
        var coloured = LISTING.render(40, Style.COLOURED);
        assertThat(coloured).contains("\u001b[2mID   \u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[[0-9]*m", ""))
                .isEqualTo(LISTING.render(40, Style.PLAIN));
    }

    @Test
    void foreignNamesAreCleaned() {
        var listing = new Listing<>(List.of("a\u001b[2Jb"), List.of(Column.cut("N", s -> s)), "");
        assertThat(listing.render(0, Style.COLOURED)).doesNotContain("\u001b[2J");
    }

    @Test
    void aListingIsAList() {
        assertThat(LISTING).hasSize(2);
        assertThat(LISTING.get(0).id()).isEqualTo("01KA");
    }

    @Test
    void withoutRowsOnlyTheNoteIsShown() {
        var empty = new Listing<>(List.<Row>of(), List.of(Column.left("ID", Row::id)), "None.");
        assertThat(empty.render(80, Style.PLAIN)).isEqualTo("None.\n");
    }
}
