package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.ScriptedDownloads;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    private final ScriptedDownloads queue = new ScriptedDownloads(new Feed());

    @ParameterizedTest
    @CsvSource({
        "DISK_FULL, 9, The disk is full; it waits.",
        "ACCOUNT_HELD, 24, It waits until the account of direct is mended.",
        "WAITING_FOR_HOST, 20, It waits for the host direct."
    })
    void whatWaitsForSomebodyIsStuck(Phase phase, int exit, String sentence) {
        var stuck = queue.to(queue.row("l").id(), DownloadState.QUEUED, phase);
        assertThat(Outcome.isStuck(stuck)).isTrue();
        assertThat(Outcome.of(stuck)).isEqualTo(new Outcome(exit, null, sentence));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DISK_FULL", "ACCOUNT_HELD", "WAITING_FOR_HOST"})
    void everythingElseGoesOnByItself(Phase phase) {
        var waits = queue.to(queue.row("l").id(), DownloadState.QUEUED, phase);
        assertThat(Outcome.isStuck(waits)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ErrorClass.class)
    void aFailureCarriesItsSentence(ErrorClass errorClass) {
        var failed = queue.fail(queue.row("l").id(), errorClass, Detail.NONE, "It broke.");
        var outcome = Outcome.of(failed);
        assertThat(outcome.error()).isEqualTo(errorClass.name());
        assertThat(outcome.sentence()).isEqualTo("It broke.");
        assertThat(outcome.exit()).isPositive();
    }
}
