package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RetryPolicyTest {
    private static final Instant NOW = ManualClock.START;

    @Test
    void q12_waits60Then120Then240SecondsAndNeverMoreThanAnHour() {
        assertThat(RetryPolicy.backOff(1)).isEqualTo(Duration.ofSeconds(60));
        assertThat(RetryPolicy.backOff(2)).isEqualTo(Duration.ofSeconds(120));
        assertThat(RetryPolicy.backOff(3)).isEqualTo(Duration.ofSeconds(240));
        assertThat(RetryPolicy.backOff(6)).isEqualTo(Duration.ofSeconds(1920));
        assertThat(RetryPolicy.backOff(7)).isEqualTo(Duration.ofHours(1));
    }

    @Property
    void q12_backOffNeverFallsAndNeverOverflows(@ForAll @IntRange(min = 1) int retries) {
        var wait = RetryPolicy.backOff(retries);
        assertThat(wait).isBetween(Duration.ofSeconds(60), Duration.ofHours(1));
        assertThat(RetryPolicy.backOff(retries - 1)).isLessThanOrEqualTo(wait);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"NETWORK", "TIMEOUT", "UNAVAILABLE", "RATE_LIMITED", "HOST"},
            mode = Mode.INCLUDE)
    void q12_whatMayPassIsRetriedUntilTheRetriesAreSpent(ErrorClass errorClass) {
        assertThat(judge(error(errorClass), new Tally(), 0, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.RETRY_WAIT, NOW.plusSeconds(60), 1));
        assertThat(judge(error(errorClass), new Tally(), 4, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.RETRY_WAIT, NOW.plusSeconds(960), 5));
        assertThat(judge(error(errorClass), new Tally(), 5, DownloadOptions.DEFAULT))
                .isInstanceOf(Verdict.Fail.class);
    }

    @Test
    void q12_aLongerRetryAfterWinsAndAShorterOneDoesNot() {
        assertThat(judge(asking(Duration.ofMinutes(10)), new Tally(), 0, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.RETRY_WAIT, NOW.plusSeconds(600), 1));
        assertThat(judge(asking(Duration.ofSeconds(3)), new Tally(), 0, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.RETRY_WAIT, NOW.plusSeconds(60), 1));
    }

    @Test
    void q12_anAbsurdRetryAfterIsBounded() {
        var verdict =
                judge(
                        asking(Duration.ofSeconds(Long.MAX_VALUE)),
                        new Tally(),
                        0,
                        DownloadOptions.DEFAULT);
        assertThat(((Verdict.Wait) verdict).until())
                .isEqualTo(NOW.plus(RetryPolicy.LONGEST_REQUEST));
        assertThat(RetryPolicy.bounded(Duration.ofSeconds(-5))).isEqualTo(Duration.ZERO);
    }

    @Test
    void q12_progressBeginsTheCountAnew() {
        var tally = new Tally();
        tally.progress();
        assertThat(judge(error(ErrorClass.NETWORK), tally, 5, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.RETRY_WAIT, NOW.plusSeconds(60), 1));
    }

    @Test
    void q12_theDownloadsOwnRetriesGoBeforeTheConfiguredOnes() {
        var none = new DownloadOptions(0, 0, 0, null, true);
        assertThat(judge(error(ErrorClass.NETWORK), new Tally(), 0, none))
                .isInstanceOf(Verdict.Fail.class);
    }

    @Test
    void expiredLinksAreResolvedThriceWithoutProgressAndThenAreTheAccountsFault() {
        var tally = new Tally();
        var expired = error(ErrorClass.LINK_EXPIRED);
        for (var i = 0; i < 3; i++) {
            assertThat(judge(expired, tally, 0, DownloadOptions.DEFAULT))
                    .isInstanceOf(Verdict.Again.class);
        }
        tally.progress();
        for (var i = 0; i < 3; i++) {
            assertThat(judge(expired, tally, 0, DownloadOptions.DEFAULT))
                    .isInstanceOf(Verdict.Again.class);
        }
        var last = (Verdict.Fail) judge(expired, tally, 0, DownloadOptions.DEFAULT);
        assertThat(last.error().errorClass()).isEqualTo(ErrorClass.ACCOUNT);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"CHANGED", "CHECKSUM", "PROTOCOL"},
            mode = Mode.INCLUDE)
    void changedChecksumAndProtocolAreRepeatedOnceAtOnce(ErrorClass errorClass) {
        var tally = new Tally();
        assertThat(judge(error(errorClass), tally, 0, DownloadOptions.DEFAULT))
                .isInstanceOf(Verdict.Again.class);
        assertThat(judge(error(errorClass), tally, 0, DownloadOptions.DEFAULT))
                .isInstanceOf(Verdict.Fail.class);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"NOT_FOUND", "DECRYPT", "IO", "BLOCKED", "ACCOUNT"},
            mode = Mode.INCLUDE)
    void whatWaitingCannotHelpIsFinal(ErrorClass errorClass) {
        assertThat(judge(error(errorClass), new Tally(), 0, DownloadOptions.DEFAULT))
                .isInstanceOf(Verdict.Fail.class);
    }

    @Test
    void anAccountThatTellsUntilWhenIsWaitedForWithoutSpendingARetry() {
        var quota =
                new DownloadException(
                        ErrorClass.ACCOUNT, "quota", Detail.NONE, Duration.ofHours(2), null);
        assertThat(judge(quota, new Tally(), 3, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.HOST_WAIT, NOW.plusSeconds(7200), 3));
    }

    @Test
    void aFullDiskWaitsWithoutSpendingARetryUnlessNobodyMayWait() {
        var full = error(ErrorClass.DISK_FULL);
        assertThat(judge(full, new Tally(), 2, DownloadOptions.DEFAULT))
                .isEqualTo(new Verdict.Wait(Phase.DISK_FULL, NOW.plus(RetryPolicy.DISK_WAIT), 2));
        assertThat(judge(full, new Tally(), 2, new DownloadOptions(0, 0, 0, null, true)))
                .isInstanceOf(Verdict.Fail.class);
    }

    @ParameterizedTest
    @EnumSource(ErrorClass.class)
    void everyClassHasAVerdict(ErrorClass errorClass) {
        assertThat(judge(error(errorClass), new Tally(), 0, DownloadOptions.DEFAULT)).isNotNull();
    }

    private static Verdict judge(
            DownloadException error, Tally tally, int retryCount, DownloadOptions options) {
        return RetryPolicy.judge(error, tally, retryCount, options, 5, NOW);
    }

    private static DownloadException error(ErrorClass errorClass) {
        return new DownloadException(errorClass, "as told");
    }

    private static DownloadException asking(Duration retryAfter) {
        return new DownloadException(
                ErrorClass.RATE_LIMITED, "slow down", Detail.NONE, retryAfter, null);
    }
}
