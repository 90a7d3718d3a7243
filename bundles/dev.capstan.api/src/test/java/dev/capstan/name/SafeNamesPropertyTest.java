package dev.capstan.name;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class SafeNamesPropertyTest {
    private static final Path ROOT = Path.of("/srv/downloads");

    @Provide
    Arbitrary<String> foreign() {
        var pieces =
                Arbitraries.of(
                        "..",
                        ".",
                        "/",
                        "\\",
                        "%2e",
                        "%2F",
                        "%25",
                        "%",
                        "2",
                        "5",
                        "c",
                        "%c0%ae",
                        "\u0000",
                        "\u202E",
                        "\u200B",
                        "\u0301",
                        "\uD83D",
                        "\uDE00",
                        " ",
                        "\u00A0",
                        "CON",
                        "com1",
                        ".capstan-",
                        "e",
                        "é",
                        "日",
                        ":",
                        "C:",
                        ".tar.gz",
                        "<",
                        "*");
        var nasty = pieces.list().ofMaxSize(40).map(list -> String.join("", list));
        var anything = Arbitraries.strings().all().ofMaxLength(600);
        var repeated =
                Arbitraries.integers().between(1, 300).flatMap(n -> pieces.map(p -> p.repeat(n)));
        return Arbitraries.oneOf(
                nasty, anything, repeated, repeated.flatMap(r -> nasty.map(n -> r + n)));
    }

    @Property(tries = 5000)
    void S3_a_name_is_one_safe_segment(@ForAll("foreign") String foreign) {
        assertSafe(SafeNames.fileName(foreign, "_"), false);
        assertSafe(SafeNames.chosenName(foreign, "_"), true);
    }

    @Property(tries = 5000)
    void S3_a_name_is_made_safe_once_and_for_all(@ForAll("foreign") String foreign) {
        var name = SafeNames.fileName(foreign, "_");
        assertThat(SafeNames.fileName(name, "_")).isEqualTo(name);
        var chosen = SafeNames.chosenName(foreign, "_");
        assertThat(SafeNames.chosenName(chosen, "_")).isEqualTo(chosen);
    }

    @Property(tries = 5000)
    void S3_a_path_stays_inside_the_root_or_is_refused(@ForAll("foreign") String foreign) {
        Path resolved;
        try {
            resolved = SafeNames.resolve(ROOT, foreign);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(resolved).startsWithRaw(ROOT).isNotEqualTo(ROOT);
        assertThat(resolved.normalize()).isEqualTo(resolved);
        ROOT.relativize(resolved).forEach(segment -> assertSafe(segment.toString(), false));
    }

    @Property(tries = 2000)
    void S3_a_numbered_name_is_safe_and_another(
            @ForAll("foreign") String foreign, @ForAll @IntRange(min = 1, max = 99_999) int n) {
        var name = SafeNames.fileName(foreign, "_");
        var numbered = SafeNames.numbered(name, n);
        assertSafe(numbered, false);
        assertThat(SafeNames.mayCollide(name, numbered)).isFalse();
        assertThat(SafeNames.fileName(numbered, "_")).isEqualTo(numbered);
    }

    private static void assertSafe(String name, boolean mayBeHidden) {
        assertThat(name).isNotBlank().isNotIn(".", "..");
        assertThat(name.getBytes(UTF_8).length).isLessThanOrEqualTo(SafeNames.MAX_BYTES);
        assertThat(new String(name.getBytes(UTF_8), UTF_8)).isEqualTo(name);
        assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).isTrue();
        assertThat(name).doesNotContainPattern("[<>:\"/\\\\|?*\\p{Cc}\\p{Cf}\\p{Cs}]");
        assertThat(name).doesNotContainPattern("(?i)%(25)*(2f|5c|2e|00|c0%(25)*a[ef])");
        assertThat(name).doesNotStartWith(" ").doesNotEndWith(" ").doesNotEndWith(".");
        assertThat(name.toLowerCase(Locale.ROOT))
                .doesNotStartWith(SafeNames.STAGING_PREFIX)
                .doesNotMatch("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
        assertThat(name.startsWith(".") && !mayBeHidden).isFalse();
        assertThat(Path.of(name).getNameCount()).isEqualTo(1);
    }
}
