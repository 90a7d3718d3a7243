package dev.capstan.transfer.http.move;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.field.Head;
import dev.capstan.transfer.http.field.RetryAfter;
import java.time.Instant;

/** What a status that brings no bytes means for a download. */
final class Statuses {
    private Statuses() {}

    /**
     * The error a status stands for.
     *
     * @param host as it may be shown
     * @param expires whether a new direct link may help against 403 and 410
     */
    static DownloadException fault(String host, Head head, boolean expires, Instant now) {
        var status = head.status();
        var wait = RetryAfter.parse(head.first("retry-after"), now);
        return switch (status) {
            case 401 ->
                    fault(
                            ErrorClass.ACCOUNT,
                            host + " asks for credentials (401); give them with the link",
                            Detail.UNAUTHORIZED);
            case 402, 407 ->
                    fault(
                            ErrorClass.ACCOUNT,
                            host + " wants payment or credentials (" + status + ")",
                            Detail.NONE);
            case 403 ->
                    expires
                            ? expired(host, status)
                            : fault(
                                    ErrorClass.ACCOUNT,
                                    host + " refuses access to the file (403)",
                                    Detail.NONE);
            case 410 -> expires ? expired(host, status) : gone(host, status);
            case 404, 451 -> gone(host, status);
            case 429 ->
                    new DownloadException(
                            ErrorClass.RATE_LIMITED,
                            host + " asks for a pause (429)",
                            Detail.NONE,
                            wait,
                            null);
            case 503 ->
                    new DownloadException(
                            wait == null ? ErrorClass.UNAVAILABLE : ErrorClass.RATE_LIMITED,
                            host + " is not available at the moment (503)",
                            Detail.NONE,
                            wait,
                            null);
            case 408, 425, 500, 502, 504 -> unavailable(host, status);
            default ->
                    status > 505
                            ? unavailable(host, status)
                            : fault(
                                    ErrorClass.PROTOCOL,
                                    host + " answered " + status + " instead of the file",
                                    Detail.NONE);
        };
    }

    private static DownloadException expired(String host, int status) {
        return fault(
                ErrorClass.LINK_EXPIRED,
                "The direct link of " + host + " is no longer good (" + status + ")",
                Detail.NONE);
    }

    private static DownloadException gone(String host, int status) {
        return fault(
                ErrorClass.NOT_FOUND,
                host + " does not have the file (" + status + "); check the link",
                Detail.NONE);
    }

    private static DownloadException unavailable(String host, int status) {
        return fault(
                ErrorClass.UNAVAILABLE,
                host + " is not able to serve the file at the moment (" + status + ")",
                Detail.NONE);
    }

    private static DownloadException fault(ErrorClass errorClass, String message, Detail detail) {
        return new DownloadException(errorClass, message, detail, null, null);
    }
}
