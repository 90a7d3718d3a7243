package dev.capstan.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusTest {
    private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

    @Test
    void Q13_the_last_three_errors_are_kept_oldest_first() {
        var status = Status.NEW;
        for (var n : IntStream.rangeClosed(1, 5).toArray()) {
            status = status.withError(error(n));
        }
        assertThat(status.error()).isEqualTo(error(5));
        assertThat(status.errorHistory()).containsExactly(error(3), error(4), error(5));
    }

    @Test
    void Q13_a_retry_by_the_user_forgives_but_does_not_forget() {
        var failed =
                Status.NEW.withError(error(1)).withRetryCount(4).withWaitUntil(NOON).forgiven();
        assertThat(failed.error()).isNull();
        assertThat(failed.retryCount()).isZero();
        assertThat(failed.waitUntil()).isNull();
        assertThat(failed.errorHistory()).containsExactly(error(1));
    }

    @Test
    void another_state_waits_for_no_time_and_keeps_the_past() {
        var waiting = Status.NEW.withError(error(1)).withRetryCount(2).withWaitUntil(NOON);
        var next = waiting.with(DownloadState.STARTING, Phase.RESOLVING, "asking the host");
        assertThat(next)
                .isEqualTo(
                        new Status(
                                DownloadState.STARTING,
                                Phase.RESOLVING,
                                "asking the host",
                                2,
                                null,
                                error(1),
                                waiting.errorHistory()));
    }

    private static DownloadError error(int n) {
        return new DownloadError(NOON.plusSeconds(n), ErrorClass.NETWORK, "refused " + n, n);
    }
}
