package dev.capstan.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceKeyTest {

    @Test
    void the_text_form_is_read_again_though_the_id_has_colons() {
        var key = new SourceKey("direct", "https://host:8443/a:b");
        assertThat(key).hasToString("direct:https://host:8443/a:b");
        assertThat(SourceKey.parse(key.toString())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "direct", "direct:", ":id"})
    void a_text_without_both_parts_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SourceKey.parse(text));
    }

    @Test
    void a_host_with_a_colon_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SourceKey("a:b", "c"));
    }
}
