package dev.capstan.admin.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void theEndOfANameStaysVisible() {
        assertThat(Text.cut("Some.Show.S01E02.1080p.mkv", 20)).isEqualTo("Some.Show.…1080p.mkv");
        assertThat(Text.cut("short.mkv", 20)).isEqualTo("short.mkv");
        assertThat(Text.cut("abcdef", 1)).isEqualTo("…");
        assertThat(Text.cut("abcdef", 0)).isEmpty();
    }

    @Test
    void lettersOfEastAsianScriptsTakeTwoColumnsAndMarksNone() {
        assertThat(Text.width("日本")).isEqualTo(4);
        assertThat(Text.width("한국")).isEqualTo(4);
        assertThat(Text.width("e\u0301")).isEqualTo(1);
        assertThat(Text.width("🎬")).isEqualTo(2);
        assertThat(Text.cut("日本語の映画.mkv", 9)).isEqualTo("日本….mkv");
        assertThat(Text.left("日本", 6)).isEqualTo("日本  ");
    }

    @Test
    void aMarkIsNeverCutFromItsLetter() {
        assertThat(Text.cut("abcdefgh" + "e\u0301xy", 6)).isEqualTo("abc…xy");
        assertThat(Text.cut("abcdefgh" + "xe\u0301", 6)).isEqualTo("abc…xe\u0301");
    }

    @Test
    void nothingForeignActsOnATerminal() {
        assertThat(Text.clean("a\u001b[2Jb")).isEqualTo("a\uFFFD[2Jb");
        assertThat(Text.clean("gpj.\u202Eexe")).isEqualTo("gpj.\uFFFDexe");
        assertThat(Text.clean("a\nb\tc\u0085d\u2028e")).isEqualTo("a b c\uFFFDd\uFFFDe");
        assertThat(Text.clean("a\uD800b")).isEqualTo("a\uFFFDb");
        assertThat(Text.clean("Füße 日本 🎬")).isEqualTo("Füße 日本 🎬");
    }

    @Property
    void aCutTextIsNeverTooWide(@ForAll String text, @ForAll @IntRange(max = 60) int columns) {
        assertThat(Text.width(Text.cut(text, columns))).isLessThanOrEqualTo(columns);
        assertThat(Text.width(Text.cutEnd(text, columns))).isLessThanOrEqualTo(columns);
    }

    @Property
    void aCleanTextHasNoControlOrFormatCharacter(@ForAll String text) {
        assertThat(Text.clean(text).codePoints())
                .noneMatch(Character::isISOControl)
                .noneMatch(c -> Character.getType(c) == Character.FORMAT)
                .noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
}
