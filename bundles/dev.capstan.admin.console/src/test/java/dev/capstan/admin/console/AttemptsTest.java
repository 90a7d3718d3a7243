package dev.capstan.admin.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S5: whoever goes on trying waits longer each time, and nobody else does. */
class AttemptsTest {
    private final Hand clock = new Hand();
    private final Attempts attempts = new Attempts(clock);

    @Test
    void theFirstFiveCostNothingAndThenEachWaitsLonger() {
        for (var i = 0; i < 5; i++) {
            assertThat(attempts.failed("a")).as("attempt %s", i).isZero();
        }
        assertThat(attempts.failed("a")).isEqualTo(Duration.ofSeconds(1));
        clock.pass(Duration.ofSeconds(1));
        assertThat(attempts.failed("a")).isZero();
        assertThat(attempts.failed("a")).isEqualTo(Duration.ofSeconds(2));
        for (var i = 0; i < 20; i++) {
            clock.pass(Duration.ofMinutes(2));
            assertThat(attempts.failed("a")).isZero();
        }
        assertThat(attempts.failed("a")).isEqualTo(Duration.ofSeconds(64));
    }

    @Test
    void attemptsOfOthersAreTheirOwn() {
        for (var i = 0; i < 9; i++) {
            attempts.failed("a");
        }

        assertThat(attempts.failed("b")).isZero();
    }

    @Test
    @DisplayName("whoever knows the password begins anew")
    void successForgets() {
        for (var i = 0; i < 9; i++) {
            attempts.failed("a");
        }
        attempts.succeeded("a");

        assertThat(attempts.failed("a")).isZero();
    }

    /** A clock that stands until it is moved. */
    private static final class Hand extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
