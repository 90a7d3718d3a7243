package dev.capstan.host.fshare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.host.spi.Time;
import dev.capstan.tck.host.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmallPartsTest {

    @ParameterizedTest
    @CsvSource({"500 ms, PT0.5S", "6 h, PT6H", "0ms, PT0S", "10 min, PT10M", "30 s, PT30S"})
    void timesAreWrittenWithTheirUnit(String text, Duration expected) {
        assertThat(Spans.parse("x", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "1 day", "-1 s", "", "1.5 h"})
    void aTimeWithoutItsUnitIsRefusedByName(String text) {
        assertThatThrownBy(() -> Spans.parse("callSpacing", text))
                .hasMessageContaining("callSpacing");
    }

    @Test
    void phrasesAreFoundWithoutCaseAndDiacritics() {
        assertThat(new Phrases("dinh chi").isIn("Tài khoản bị ĐÌNH CHỈ")).isTrue();
        assertThat(new Phrases("ĐÌNH chỉ").isIn("bi dinh chi.")).isTrue();
        assertThat(new Phrases("", " ").isIn("anything")).isFalse();
    }

    @Test
    @DisplayName("F16: the distance holds over all threads, and a clock set back stops nobody")
    void theDistanceHoldsOverAllThreads() throws Exception {
        var sleeps = new ArrayList<Duration>();
        var now = new Instant[] {ManualTime.START};
        var pacer =
                new Pacer(
                        new Time() {
                            @Override
                            public Instant instant() {
                                return now[0];
                            }

                            @Override
                            public void sleep(Duration time) {
                                synchronized (sleeps) {
                                    sleeps.add(time);
                                }
                            }
                        },
                        Duration.ofMillis(500));
        var deadline = ManualTime.START.plusSeconds(60);
        try (var callers = new Callers()) {
            for (var caller :
                    callers.start(
                            10,
                            () -> {
                                pacer.await(deadline);
                                return "";
                            })) {
                caller.get();
            }
        }
        assertThat(sleeps)
                .containsExactlyInAnyOrderElementsOf(
                        List.of(500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500).stream()
                                .map(Duration::ofMillis)
                                .toList());

        now[0] = ManualTime.START.minus(Duration.ofDays(1));
        sleeps.clear();
        pacer.await(now[0].plusSeconds(1));
        assertThat(sleeps).isEmpty();
    }
}
