package dev.capstan.admin.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownLinkTest {

    @ParameterizedTest
    @CsvSource({
        "https://h/a, https://h/a",
        "https://u:p@h/a, https://h/a",
        "https://u:p@ss@h/a, https://h/a",
        "HTTP://u@h, HTTP://h",
        "https://h/a@b, https://h/a@b",
        "https://h/?q=a@b, https://h/?q=a@b",
        "https://h/?token=x, https://h/?token=***",
        "https://h/?a=1&Access_Token=x&b=2, https://h/?a=1&Access_Token=***&b=2",
        "https://h/?X-Amz-Signature=x#y, https://h/?X-Amz-Signature=***#y",
        "https://h/?apikey=x;sid=y, https://h/?apikey=***;sid=***",
        "https://h/#token=x, https://h/#token=***",
        "https://h/?monkey=x&keys=y, https://h/?monkey=x&keys=y",
        "https://h/token=x, https://h/token=x",
        "track_5, track_5",
        "'', ''"
    })
    void S7_what_is_secret_in_a_link_is_not_shown(String link, String shown) {
        assertThat(ShownLink.of(link)).isEqualTo(shown);
    }

    @Test
    void a_long_link_is_shown_at_once() {
        var link = "https://h/?" + "a_".repeat(8_000) + "&" + "_key".repeat(2_000);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThat(ShownLink.of(link)).isEqualTo(link));
    }
}
