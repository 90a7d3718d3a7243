package dev.capstan.admin.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({
        "-1, ?",
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "1535, 1.49 KiB",
        "1536, 1.50 KiB",
        "1044, 1.01 KiB",
        "10239, 9.99 KiB",
        "10240, 10.0 KiB",
        "1048575, 1023 KiB",
        "1073741824, 1.00 GiB",
        "9223372036854775807, 7.99 EiB"
    })
    void bytesHaveThreeDigitsAndAreNeverRoundedUp(long bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    @Property
    void bytesFitTheirColumn(@ForAll @LongRange(min = 0) long bytes) {
        assertThat(Units.bytes(bytes)).hasSizeLessThanOrEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0:00",
        "7, 0:07",
        "67, 1:07",
        "3599, 59:59",
        "3723, 1:02:03",
        "273600, 3 d 4 h"
    })
    void whatIsLeftReadsLikeAClock(long seconds, String text) {
        assertThat(Units.clock(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "340, 0.3 s",
        "9999, 9.9 s",
        "12400, 12 s",
        "187000, 3 min 7 s",
        "7380000, 2 h 3 min"
    })
    void whatWasNeededReadsLikeSpeech(long millis, String text) {
        assertThat(Units.took(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void secondsAreNumbersForPrograms() {
        assertThat(Units.seconds(Duration.ofMillis(61_007))).isEqualTo("61.007");
        assertThat(Units.seconds(Duration.ofMillis(-5))).isEqualTo("0.000");
    }

    @Test
    void nothingLooksFinishedBeforeItIs() {
        assertThat(Units.percent(0.9999)).isEqualTo("99%");
        assertThat(Units.percent(1)).isEqualTo("100%");
    }

    @Test
    void countsCarryTheirNoun() {
        assertThat(Units.count(1, "download")).isEqualTo("1 download");
        assertThat(Units.count(0, "download")).isEqualTo("0 downloads");
        assertThat(Units.count(2, "batch")).isEqualTo("2 batches");
    }
}
