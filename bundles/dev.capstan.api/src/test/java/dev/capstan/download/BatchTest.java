package dev.capstan.download;

import static dev.capstan.download.DownloadState.CANCELLED;
import static dev.capstan.download.DownloadState.COMPLETED;
import static dev.capstan.download.DownloadState.DOWNLOADING;
import static dev.capstan.download.DownloadState.FAILED;
import static dev.capstan.download.DownloadState.PAUSED;
import static dev.capstan.download.DownloadState.QUEUED;
import static dev.capstan.download.DownloadState.STARTING;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void it_downloads_while_any_member_is_active() {
        assertThat(stateOf(STARTING, FAILED, PAUSED)).isEqualTo(DOWNLOADING);
        assertThat(stateOf(DOWNLOADING, QUEUED, COMPLETED)).isEqualTo(DOWNLOADING);
    }

    @Test
    void it_failed_when_a_member_failed_and_none_waits() {
        assertThat(stateOf(FAILED, COMPLETED)).isEqualTo(FAILED);
        assertThat(stateOf(FAILED, PAUSED)).isEqualTo(FAILED);
        assertThat(stateOf(FAILED, CANCELLED)).isEqualTo(FAILED);
        assertThat(stateOf(FAILED, QUEUED)).isEqualTo(QUEUED);
    }

    @Test
    void it_is_paused_when_what_is_left_is_paused() {
        assertThat(stateOf(PAUSED, COMPLETED)).isEqualTo(PAUSED);
        assertThat(stateOf(PAUSED, QUEUED)).isEqualTo(QUEUED);
    }

    @Test
    void it_is_completed_when_nothing_is_left() {
        assertThat(stateOf(COMPLETED, COMPLETED)).isEqualTo(COMPLETED);
        assertThat(stateOf(COMPLETED, CANCELLED)).isEqualTo(COMPLETED);
        assertThat(stateOf(CANCELLED, CANCELLED)).isEqualTo(CANCELLED);
        assertThat(stateOf()).isEqualTo(COMPLETED);
    }

    private static DownloadState stateOf(DownloadState... members) {
        var counts = Arrays.stream(members).collect(groupingBy(state -> state, counting()));
        return new Batch("id", "name", Instant.EPOCH, counts, 0, 0).state();
    }
}
