package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("D8, S3: names by template")
class NameTemplateTest {

    @Test
    void fieldsArePaddedAndValuesAddNoFolder() {
        var template = new NameTemplate("{artist}/{album}/{track_number:02d} - {title}");

        assertThat(
                        template.path(
                                Map.of(
                                        "artist", "AC/DC",
                                        "album", "a\\b%2fc%252F",
                                        "track_number", "7",
                                        "title", "x"),
                                ".mp3"))
                .containsExactly("AC_DC", "a_b_c_", "07 - x.mp3");
    }

    @Test
    void aPartInBracketsGoesWithItsFields() {
        var template = new NameTemplate("{album}[/CD {disc_number}]/[{year} - ]{title}");

        assertThat(template.path(Map.of("album", "a", "title", "t"), "")).containsExactly("a", "t");
        assertThat(
                        template.path(
                                Map.of("album", "a", "title", "t", "disc_number", "2", "year", "1"),
                                ""))
                .containsExactly("a", "CD 2", "1 - t");
    }

    @Test
    void valuesAreNoTemplates() {
        var template = new NameTemplate("{artist}/{title}");

        assertThat(template.path(Map.of("artist", "{title}[x]", "title", "$1"), ".mp3"))
                .containsExactly("{title}[x]", "$1.mp3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{cover}", "{title", "title}", "{title:2}", "{Title}"})
    void whatIsNoTemplateIsRefused(String text) {
        assertThatThrownBy(() -> new NameTemplate(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
