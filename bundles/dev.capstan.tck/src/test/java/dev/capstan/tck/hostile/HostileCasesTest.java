package dev.capstan.tck.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.ErrorClass;
import dev.capstan.tck.hostile.Judgement.Kind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileCasesTest {
    private static final Setting SIMPLE = new Setting(false, false, 1);
    private static final Duration NO_TIME = Duration.ZERO;

    @TempDir Path folder;

    @Test
    void everyRowIsThereButTheOneThatNeedsAHost() {
        var rows = HostileCases.all().stream().map(HostileCase::row).collect(Collectors.toSet());
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 40).filter(row -> row != 26).boxed().toList());
    }

    @Test
    void everyCaseHasANameOfItsOwnAndARightEnd() {
        assertThat(HostileCases.all()).extracting(HostileCase::toString).doesNotHaveDuplicates();
        assertThat(HostileCases.all())
                .allMatch(script -> script.mayBeWhole() || script.mayFail(SIMPLE));
    }

    @Test
    void aWholeFileIsRightAndHalfOfItIsNot() throws Exception {
        try (var origin = HostileOrigin.start(named("1 ranges"), SIMPLE)) {
            var bytes = fetch(origin);
            assertThat(origin.judge(success(bytes)).kind()).isEqualTo(Kind.RIGHT);
            assertThat(origin.judge(success(new byte[bytes.length])).kind())
                    .isEqualTo(Kind.FALSE_SUCCESS);
            assertThat(origin.judge(Outcome.failure(ErrorClass.NETWORK, NO_TIME)).kind())
                    .isEqualTo(Kind.GAVE_UP);
        }
    }

    @Test
    void whatWasCutIsNoSuccess() throws Exception {
        try (var origin = HostileOrigin.start(named("4 always cut"), SIMPLE)) {
            // The client of this test believes everything.
            assertThat(origin.judge(success(fetch(origin))).kind()).isEqualTo(Kind.FALSE_SUCCESS);
            assertThat(origin.judge(Outcome.failure(ErrorClass.NETWORK, NO_TIME)).isRight())
                    .isTrue();
            assertThat(origin.judge(Outcome.failure(ErrorClass.NOT_FOUND, NO_TIME)).kind())
                    .isEqualTo(Kind.WRONG_ERROR);
            // Whoever has no classes of errors is judged by its failure alone.
            assertThat(origin.judge(Outcome.failure(null, NO_TIME)).isRight()).isTrue();
        }
    }

    @Test
    void rightBytesOutOfABrokenAnswerAreLuck() throws Exception {
        try (var origin = HostileOrigin.start(named("6 two different"), SIMPLE)) {
            var lucky = success(HostileCase.B.bytes());
            assertThat(origin.judge(lucky).kind()).isEqualTo(Kind.NOT_REFUSED);
        }
    }

    @Test
    void whoeverDoesNotWaitAsToldBreaksARule() throws Exception {
        try (var origin = HostileOrigin.start(named("24 503 with Retry-After 1"), SIMPLE)) {
            var early = success(HostileCase.B.bytes());
            assertThat(origin.judge(early).kind()).isEqualTo(Kind.RULE_BROKEN);
        }
    }

    @Test
    void aResumedClientIsNotAnsweredLikeAFreshOne() throws Exception {
        var script = named("22 cut at half");
        try (var fresh = HostileOrigin.start(script, SIMPLE);
                var resumed = HostileOrigin.start(script, new Setting(false, true, 1))) {
            assertThat(fetch(fresh)).hasSizeLessThan((int) HostileCase.B.length());
            assertThat(fetch(resumed)).isEqualTo(HostileCase.B.bytes());
            // Half of it was there.
            assertThat(resumed.judge(success(HostileCase.B.bytes())).kind())
                    .isEqualTo(Kind.WASTEFUL);
        }
    }

    private static HostileCase named(String begin) {
        return HostileCases.all().stream()
                .filter(script -> script.toString().startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] fetch(HostileOrigin origin) throws IOException {
        var connection = (HttpURLConnection) origin.uri().toURL().openConnection();
        try (var in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private Outcome success(byte[] bytes) throws IOException {
        return Outcome.success(Files.write(folder.resolve("f"), bytes), NO_TIME);
    }
}
