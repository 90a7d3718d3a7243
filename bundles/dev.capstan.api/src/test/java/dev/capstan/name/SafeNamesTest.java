package dev.capstan.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeNamesTest {
    private static final Path ROOT = Path.of("/srv/downloads");

    @ParameterizedTest
    @MethodSource("dev.capstan.name.HostileNames#all")
    void S3_a_hostile_name_becomes_a_safe_one(String hostile, String safe) {
        assertThat(SafeNames.fileName(hostile, "_")).isEqualTo(safe);
    }

    @ParameterizedTest
    @MethodSource("dev.capstan.name.HostileNames#all")
    void S3_what_is_safe_stays_as_it_is(String hostile, String safe) {
        assertThat(SafeNames.fileName(safe, "_")).isEqualTo(safe);
        assertThat(SafeNames.chosenName(safe, "_")).isEqualTo(safe);
    }

    @Test
    void S3_a_fallback_is_made_safe_too() {
        assertThat(SafeNames.fileName("..", "../index.html")).isEqualTo("index.html");
        assertThat(SafeNames.fileName("..", "..")).isEqualTo("unnamed");
        assertThat(SafeNames.fileName("", "CON")).isEqualTo("_CON");
    }

    @Test
    void S3_nested_escapes_cost_no_more_than_their_length() {
        var nested = "%2".repeat(200_000) + "\u0000" + "f".repeat(200_000);
        assertThat(SafeNames.fileName(nested, "_")).hasSize(SafeNames.MAX_BYTES);
        var percents = "%25".repeat(200_000);
        assertThat(SafeNames.fileName(percents, "_")).hasSize(SafeNames.MAX_BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        ".gitignore, .gitignore",
        "../.env, .env",
        "..x, .x",
        "' .x', .x",
        ".capstan-1.part, capstan-1.part",
        ".CAPSTAN-x, CAPSTAN-x",
        "., _",
        ".., _",
        "con, _con",
        "file.txt, file.txt"
    })
    void S3_only_a_user_may_choose_a_hidden_name_and_never_one_of_ours(String chosen, String safe) {
        assertThat(SafeNames.chosenName(chosen, "_")).isEqualTo(safe);
    }

    @ParameterizedTest
    @CsvSource({
        "movies, movies",
        "music/Artist/Album, music/Artist/Album",
        "music\\Artist, music/Artist",
        "a//b/./c/, a/b/c",
        "a%2Fb, a/b",
        "a/CON/b, a/_CON/b",
        "a/.ssh/b., a/ssh/b",
        "a/\u202E/b, a/b",
        "a/C:/b, a/C_/b",
        "a/\uFEFF?/b, a/_/b",
    })
    void S3_a_path_is_resolved_below_the_root(String foreign, String below) {
        assertThat(SafeNames.resolve(ROOT, foreign)).isEqualTo(ROOT.resolve(below));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "../x",
                "a/../b",
                "a/../../x",
                "..\\x",
                "a\\..\\..\\x",
                "%2e%2e/x",
                "%2e%2e%2fx",
                "%252e%252e%252fx",
                ".\u200B./x",
                ".. /x",
                ". ./x",
                "a/.../x",
                "..%c0%afx",
                "/etc/passwd",
                " /etc/passwd",
                "\u0000/etc/passwd",
                "%2fetc",
                "\\windows",
                "\\\\server\\share\\x",
                "//server/share",
                "\\\\?\\C:\\x",
                "C:\\x",
                "c:x",
                "Z:/x",
                "",
                " ",
                ".",
                "./.",
                "\u202E"
            })
    void S3_a_path_that_leaves_the_root_is_refused_in_words(String foreign) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafeNames.resolve(ROOT, foreign))
                .withMessageMatching("An? .* path .*|A path .*|An absolute path .*")
                .withMessageNotContaining("etc");
    }

    @Test
    void S3_a_numbered_name_keeps_its_extension() {
        assertThat(SafeNames.numbered("name.ext", 1)).isEqualTo("name.1.ext");
        assertThat(SafeNames.numbered("name.ext", 12)).isEqualTo("name.12.ext");
        assertThat(SafeNames.numbered("name.tar.gz", 2)).isEqualTo("name.2.tar.gz");
        assertThat(SafeNames.numbered("name", 1)).isEqualTo("name.1");
        assertThat(SafeNames.numbered("Vol. 2 of 3", 1)).isEqualTo("Vol. 2 of 3.1");
        assertThat(SafeNames.numbered(".env", 1)).isEqualTo(".env.1");
        assertThat(SafeNames.numbered(".tar.gz", 1)).isEqualTo(".tar.gz.1");
        assertThat(SafeNames.numbered("é".repeat(125) + ".mp3", 7))
                .isEqualTo("é".repeat(124) + ".7.mp3");
    }

    @ParameterizedTest
    @CsvSource({
        "name, NAME",
        "caf\u00E9, cafe\u0301",
        "CAF\u00C9, cafe\u0301",
        "stra\u00DFe, STRASSE",
        "stra\u1E9Ee, stra\u00DFe",
        "\u03C3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2, \u03A3\u038A\u03A3\u03A5\u03A6\u039F\u03A3",
        "\u212Aelvin, kelvin",
        "\uFB01le, FILE",
        "\u00C5, \u212B"
    })
    void S3_names_that_differ_in_case_or_form_only_may_collide(String one, String other) {
        assertThat(SafeNames.mayCollide(one, other)).isTrue();
        assertThat(SafeNames.mayCollide(other, one)).isTrue();
        assertThat(SafeNames.collisionKey(one)).isEqualTo(SafeNames.collisionKey(other));
    }

    @Test
    void S3_different_names_do_not_collide() {
        assertThat(SafeNames.mayCollide("a.txt", "b.txt")).isFalse();
        assertThat(SafeNames.mayCollide("cafe", "caf\u00E9")).isFalse();
        assertThat(SafeNames.mayCollide("name.1", "name.11")).isFalse();
        assertThat(SafeNames.collisionKey("a.txt")).isNotEqualTo(SafeNames.collisionKey("b.txt"));
    }
}
