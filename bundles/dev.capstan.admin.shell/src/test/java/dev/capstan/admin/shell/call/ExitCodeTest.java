package dev.capstan.admin.shell.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({
        "NETWORK, NONE, 6",
        "NETWORK, NAME_NOT_RESOLVED, 19",
        "TIMEOUT, NONE, 2",
        "TIMEOUT, TOO_SLOW, 5",
        "RATE_LIMITED, NONE, 29",
        "UNAVAILABLE, NONE, 29",
        "LINK_EXPIRED, NONE, 22",
        "AUTH, NONE, 24",
        "AUTH, UNAUTHORIZED, 24",
        "ACCOUNT, NONE, 24",
        "NOT_FOUND, NONE, 3",
        "CHANGED, NONE, 8",
        "CHECKSUM, NONE, 32",
        "PROTOCOL, NONE, 22",
        "DECRYPT, NONE, 1",
        "DISK_FULL, NONE, 9",
        "IO, NONE, 17",
        "IO, FOLDER, 18",
        "BLOCKED, NONE, 28",
        "HOST, NONE, 1"
    })
    void errorsHaveTheCodesOfAria2(ErrorClass errorClass, Detail detail, int code) {
        var error = new DownloadError(Instant.EPOCH, errorClass, detail, "It failed.", 0);
        assertThat(ExitCode.of(error)).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(ErrorClass.class)
    void noErrorIsSuccess(ErrorClass errorClass) {
        for (var detail : Detail.values()) {
            assertThat(ExitCode.of(errorClass, detail)).isBetween(1, 32);
        }
    }

    @Test
    void refusalsHaveCodesToo() {
        Map<Reason, Integer> codes =
                Arrays.stream(Reason.values()).collect(Collectors.toMap(r -> r, ExitCode::of));
        assertThat(codes)
                .containsAllEntriesOf(
                        Map.of(
                                Reason.INVALID, 28,
                                Reason.BLOCKED, 28,
                                Reason.UNSUPPORTED, 20,
                                Reason.HOST_MISSING, 20,
                                Reason.NOT_FOUND, 1,
                                Reason.ILLEGAL_MOVE, 1,
                                Reason.UNAVAILABLE, 1))
                .hasSize(List.of(Reason.values()).size());
    }
}
