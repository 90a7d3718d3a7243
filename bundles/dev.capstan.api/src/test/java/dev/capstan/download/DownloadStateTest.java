package dev.capstan.download;

import static dev.capstan.download.DownloadState.CANCELLED;
import static dev.capstan.download.DownloadState.COMPLETED;
import static dev.capstan.download.DownloadState.DOWNLOADING;
import static dev.capstan.download.DownloadState.FAILED;
import static dev.capstan.download.DownloadState.PAUSED;
import static dev.capstan.download.DownloadState.QUEUED;
import static dev.capstan.download.DownloadState.STARTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DownloadStateTest {
    private static final Map<DownloadState, Set<DownloadState>> MOVES =
            Map.of(
                    QUEUED, Set.of(STARTING, PAUSED, CANCELLED),
                    STARTING, Set.of(DOWNLOADING, QUEUED, PAUSED, FAILED, CANCELLED, COMPLETED),
                    DOWNLOADING, Set.of(COMPLETED, QUEUED, PAUSED, FAILED, CANCELLED),
                    PAUSED, Set.of(QUEUED, CANCELLED),
                    FAILED, Set.of(QUEUED),
                    CANCELLED, Set.of(QUEUED),
                    COMPLETED, Set.of(QUEUED));

    @ParameterizedTest
    @EnumSource
    void Q1_the_table_of_moves_is_complete_and_nothing_else_is_legal(DownloadState from) {
        for (var to : DownloadState.values()) {
            assertThat(from.canMoveTo(to))
                    .as("%s to %s", from, to)
                    .isEqualTo(MOVES.get(from).contains(to));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_state_is_active_ended_or_waiting(DownloadState state) {
        assertThat(state.isActive()).isEqualTo(Set.of(STARTING, DOWNLOADING).contains(state));
        assertThat(state.isEnded()).isEqualTo(Set.of(COMPLETED, FAILED, CANCELLED).contains(state));
    }

    @ParameterizedTest
    @EnumSource
    void a_phase_waits_or_is_an_activity(Phase phase) {
        assertThat(phase.isWaiting())
                .isEqualTo(
                        Set.of(
                                        Phase.RETRY_WAIT,
                                        Phase.HOST_WAIT,
                                        Phase.WAITING_FOR_HOST,
                                        Phase.WAITING_FOR_ENGINE,
                                        Phase.ACCOUNT_HELD,
                                        Phase.DISK_FULL,
                                        Phase.SCHEDULE)
                                .contains(phase));
    }

    @ParameterizedTest
    @EnumSource
    void an_error_is_retried_repeated_once_or_neither(ErrorClass error) {
        assertThat(error.isRetryable() && error.isRepeatedOnce()).isFalse();
        assertThat(error.isOutage() && !error.isRetryable()).isFalse();
    }
}
