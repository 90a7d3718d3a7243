package dev.capstan.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void without_a_size_there_is_neither_fraction_nor_eta() {
        var metrics = new Metrics(-1, 500, 100, 1);
        assertThat(metrics.knownSize()).isEmpty();
        assertThat(metrics.fraction()).isEmpty();
        assertThat(metrics.eta()).isEmpty();
    }

    @Test
    void with_a_size_there_are_both() {
        var metrics = new Metrics(1_000, 250, 50, 2);
        assertThat(metrics.knownSize()).hasValue(1_000);
        assertThat(metrics.fraction()).hasValue(0.25);
        assertThat(metrics.eta()).contains(Duration.ofSeconds(15));
    }

    @Test
    void at_rest_there_is_no_eta() {
        assertThat(new Metrics(1_000, 250, 50, 2).atRest())
                .isEqualTo(new Metrics(1_000, 250, 0, 0))
                .satisfies(rest -> assertThat(rest.eta()).isEmpty());
    }

    @Test
    void an_empty_file_is_there_at_once() {
        assertThat(new Metrics(0, 0, 0, 0).fraction()).hasValue(1);
    }

    @Test
    void more_bytes_than_promised_are_no_more_than_all() {
        var metrics = new Metrics(100, 150, 10, 1);
        assertThat(metrics.fraction()).hasValue(1);
        assertThat(metrics.eta()).contains(Duration.ZERO);
    }

    @Test
    void sizes_are_long() {
        assertThat(new Metrics(Long.MAX_VALUE, 0, 1, 1).eta())
                .contains(Duration.ofSeconds(Long.MAX_VALUE));
    }
}
