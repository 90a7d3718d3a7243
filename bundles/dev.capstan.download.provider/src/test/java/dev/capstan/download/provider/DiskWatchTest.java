package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    private final AtomicLong free = new AtomicLong(10_000_000);
    private final DiskWatch disk = new DiskWatch(free::get);

    @Test
    void aVolumeThatIsReallyFullStopsTheQueueUntilThereIsMore() {
        disk.storeFull("a");
        assertThat(disk.isFull()).isTrue();

        free.addAndGet(DiskWatch.MORE - 1);
        assertThat(disk.recovered()).isFalse();
        free.addAndGet(1);
        assertThat(disk.recovered()).isTrue();
        assertThat(disk.isFull()).isFalse();
        assertThat(disk.keepsWaiting("a")).isFalse();
    }

    @Test
    void aDownloadThatOnlyDoesNotFitWaitsByItself() {
        free.set(DiskWatch.FULL_BELOW);
        disk.storeFull("big");

        assertThat(disk.isFull()).isFalse();
        assertThat(disk.keepsWaiting("big")).isTrue();
        assertThat(disk.keepsWaiting("small")).isFalse();
    }

    @Test
    void aFullTargetStopsNobodyElse() {
        var target = new AtomicLong(0);
        disk.targetFull("a", target::get);
        assertThat(disk.isFull()).isFalse();
        assertThat(disk.keepsWaiting("a")).isTrue();

        target.set(DiskWatch.MORE);
        assertThat(disk.recovered()).isTrue();
    }

    @Test
    void whoGivesUpReleasesTheQueue() {
        disk.storeFull("a");
        disk.forget("a");
        assertThat(disk.isFull()).isFalse();
    }
}
