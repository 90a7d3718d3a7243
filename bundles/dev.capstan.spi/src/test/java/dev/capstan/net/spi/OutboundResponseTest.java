package dev.capstan.net.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("R6: what a status stands for")
class OutboundResponseTest {
    private static final URI SECRET = URI.create("http://127.0.0.1/a?token=canary");

    @ParameterizedTest
    @CsvSource({
        "400, HOST",
        "401, AUTH",
        "403, ACCOUNT",
        "404, NOT_FOUND",
        "408, UNAVAILABLE",
        "410, NOT_FOUND",
        "425, UNAVAILABLE",
        "429, RATE_LIMITED",
        "451, NOT_FOUND",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "599, UNAVAILABLE",
        "204, HOST",
        "999, HOST"
    })
    void everyStatusHasAClass(int status, ErrorClass expected) {
        var failure = answer(status, Map.of()).failure("Acme");

        assertThat(failure.errorClass()).isEqualTo(expected);
        assertThat(failure).hasMessageStartingWith("Acme answered " + status);
        assertThat(failure.toString()).doesNotContain("canary");
        assertThat(failure.detail() == Detail.UNAUTHORIZED).isEqualTo(status == 401);
    }

    @Test
    void howLongToWaitIsHandedOn() {
        var failure = answer(503, Map.of("retry-after", List.of("77"))).failure("Acme");

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.RATE_LIMITED);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(77));
        assertThat(answer(429, Map.of("retry-after", List.of("soon"))).failure("A").retryAfter())
                .isEmpty();
    }

    private static OutboundResponse answer(int status, Map<String, List<String>> headers) {
        return new OutboundResponse(status, headers, new byte[0], SECRET);
    }
}
