package dev.capstan.net.spi;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer, read into memory.
 *
 * @param status the status code, whatever it is
 * @param headers fields by lower-case name
 * @param body the bytes, content codings undone
 * @param uri the address that answered, after redirects
 */
public record OutboundResponse(
        int status, Map<String, List<String>> headers, byte[] body, URI uri) {

    /**
     * The first value of a field.
     *
     * @param name in any case
     * @return the value, or empty
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }

    /**
     * The body as UTF-8.
     *
     * @return text
     */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * R6: the error that this answer's status stands for where the plug-in knows nothing better.
     *
     * @param service who answered, for the sentence; not the address, which may hold a secret
     * @return the error, to be thrown
     */
    public DownloadException failure(String service) {
        var wait = retryAfter();
        var errorClass =
                switch (status) {
                    case 401 -> ErrorClass.AUTH;
                    case 403 -> ErrorClass.ACCOUNT;
                    case 404, 410, 451 -> ErrorClass.NOT_FOUND;
                    case 429 -> ErrorClass.RATE_LIMITED;
                    case 408, 425 -> ErrorClass.UNAVAILABLE;
                    case 503 -> wait == null ? ErrorClass.UNAVAILABLE : ErrorClass.RATE_LIMITED;
                    default ->
                            status >= 500 && status < 600
                                    ? ErrorClass.UNAVAILABLE
                                    : ErrorClass.HOST;
                };
        var meaning =
                switch (errorClass) {
                    case AUTH -> "log in, or check the account";
                    case ACCOUNT -> "this account may not have it";
                    case NOT_FOUND -> "it is not there";
                    case RATE_LIMITED -> "too much was asked of it";
                    case UNAVAILABLE -> "it has trouble of its own";
                    default -> "that was not expected";
                };
        return new DownloadException(
                errorClass,
                service + " answered " + status + ": " + meaning,
                status == 401 ? Detail.UNAUTHORIZED : Detail.NONE,
                wait,
                null);
    }

    /** Seconds only: what is named by a date waits for the queue's own time. */
    private @Nullable Duration retryAfter() {
        return header("retry-after")
                .filter(seconds -> seconds.matches("[0-9]{1,9}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(null);
    }
}
