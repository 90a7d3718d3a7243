package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SpeedMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final SpeedMeter meter = new SpeedMeter();

    @Test
    void q4_theFirstSecondShowsItsSpeed() {
        meter.sample(0, 0);
        assertThat(meter.sample(1_000, SECOND)).isTrue();
        assertThat(meter.bytesPerSecond()).isEqualTo(1_000);
    }

    @Test
    void q4_followsAChangeWithinSeconds() {
        meter.sample(0, 0);
        meter.sample(1_000, SECOND);
        var bytes = 1_000L;
        for (var second = 2; second <= 12; second++) {
            bytes += 5_000;
            meter.sample(bytes, second * SECOND);
        }
        assertThat(meter.bytesPerSecond()).isCloseTo(5_000, within(200L));
    }

    @Test
    void q4_fallsToNothingWhenBytesStop() {
        meter.sample(0, 0);
        meter.sample(100_000, SECOND);
        for (var second = 2; second <= 40; second++) {
            assertThat(meter.sample(100_000, second * SECOND)).isFalse();
        }
        assertThat(meter.bytesPerSecond()).isZero();
    }

    @Test
    void beginsAgainWhenTheCounterFalls() {
        meter.sample(0, 0);
        meter.sample(1_000, SECOND);
        meter.sample(10, 2 * SECOND);
        assertThat(meter.bytesPerSecond()).isEqualTo(1_000);
    }
}
