package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.ScriptedDownloads;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeterTest {
    private static final Instant NOW = Instant.parse("2025-11-20T12:00:00Z");

    private final ScriptedDownloads queue = new ScriptedDownloads(new Feed());

    @ParameterizedTest
    @ValueSource(ints = {120, 80, 60, 40, 24})
    void whatANarrowTerminalHasNoPlaceForIsLeftOut(int columns) {
        var line = new Meter(columns, Style.PLAIN).line(transferring(300, 126), NOW);

        assertThat(Text.width(line)).isLessThan(columns);
        assertThat(line).contains("42%").contains("mkv");
        assertThat(line.contains("12.0 MiB/s")).isEqualTo(columns >= 40);
        assertThat(line.contains("━")).isEqualTo(columns >= 60);
        assertThat(line.contains("0:14")).isEqualTo(columns >= 60);
        assertThat(line.contains("126/300 MiB")).isEqualTo(columns >= 80);
        assertThat(line.contains("4×")).isEqualTo(columns >= 80);
    }

    @Test
    void theWholeLineAtTheUsualWidth() {
        assertThat(new Meter(80, Style.PLAIN).line(transferring(300, 126), NOW))
                .isEqualTo(
                        "Some.Long….WEB.mkv  ━━━━───────   42%    126/300 MiB  12.0 MiB/s      0:14   4×");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 100, 132, 200, 400})
    void numbersKeepTheirColumns(int columns) {
        var meter = new Meter(columns, Style.PLAIN);
        var widths =
                new int[] {
                    Text.width(meter.line(transferring(300, 0), NOW)),
                    Text.width(meter.line(transferring(300, 299), NOW)),
                    Text.width(meter.line(transferring(300, 300), NOW)),
                };
        assertThat(widths).containsOnly(widths[0]);
        assertThat(widths[0]).isLessThan(Math.max(columns, 25));
    }

    @Test
    void theBarIsFullOnlyAtTheEnd() {
        var meter = new Meter(80, Style.PLAIN);
        assertThat(meter.line(transferring(300, 299), NOW)).contains("─").contains(" 99%");
        assertThat(meter.line(transferring(300, 300), NOW)).doesNotContain("─").contains("100%");
    }

    @Test
    void anUnknownSizeHasNoPercent() {
        var line = new Meter(80, Style.PLAIN).line(transferring(-1, 126), NOW);
        assertThat(line).contains("126 MiB").doesNotContain("%").doesNotContain("━");
    }

    @Test
    void whatIsNoTransferIsToldInWords() {
        var waiting = queue.row(DownloadRequest.of("http://h/a").fileName("a.mkv"));
        waiting = queue.to(waiting.id(), DownloadState.QUEUED, Phase.RETRY_WAIT);
        var until = waiting.status().withWaitUntil(NOW.plusSeconds(58));
        var line = new Meter(80, Style.PLAIN).line(waiting.copy().status(until).build(), NOW);
        assertThat(line).startsWith("a.mkv ").endsWith("next attempt in 0:58");
        assertThat(new Meter(30, Style.PLAIN).line(waiting, NOW)).hasSizeLessThan(30);
    }

    private Download transferring(int mebibytes, int downloaded) {
        var row =
                queue.row(DownloadRequest.of("l").fileName("Some.Long.Show.S01E02.1080p.WEB.mkv"));
        row = queue.to(row.id(), DownloadState.DOWNLOADING, Phase.TRANSFERRING);
        var size = mebibytes < 0 ? -1L : (long) mebibytes << 20;
        return row.copy().metrics(new Metrics(size, (long) downloaded << 20, 12 << 20, 4)).build();
    }
}
