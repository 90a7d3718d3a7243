package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with a connection: the class for the host, a sentence for the user. */
final class Faults {
    private Faults() {}

    /** What kept a connection from being made. */
    static DownloadException connecting(Route route, Exception cause, Settings limits) {
        var host = route.shown();
        if (cause instanceof Tunnel.Refusal refusal) {
            return refusal.toException();
        }
        if (isUntrusted(cause)) {
            return new DownloadException(
                    ErrorClass.BLOCKED,
                    "The certificate of " + host + " is not trusted; nothing was sent",
                    cause);
        }
        if (cause instanceof SocketTimeoutException) {
            return new DownloadException(
                    ErrorClass.TIMEOUT,
                    "No connection to " + host + " within " + limits.connect().toSeconds() + " s",
                    cause);
        }
        if (cause instanceof SSLException) {
            return new DownloadException(
                    ErrorClass.NETWORK, "The TLS handshake with " + host + " failed", cause);
        }
        var proxy = route.proxy();
        var next = proxy == null ? host : "The proxy " + proxy.shown();
        if (cause instanceof NoRouteToHostException) {
            return new DownloadException(
                    ErrorClass.NETWORK, next + " cannot be reached from here", cause);
        }
        if (cause instanceof ConnectException) {
            var port = proxy == null ? route.target().port() : proxy.port();
            var where = next.endsWith(":" + port) ? "" : " on port " + port;
            return new DownloadException(
                    ErrorClass.NETWORK, next + " refuses connections" + where, cause);
        }
        return new DownloadException(
                ErrorClass.NETWORK, "The connection to " + host + " failed", cause);
    }

    /** What broke a connection that was there. */
    static DownloadException using(Wire wire, Exception cause, Settings limits) {
        var host = wire.route().shown();
        var overdue = wire.watch().overdue();
        if (overdue != null) {
            return overdue(host, overdue, cause, limits);
        }
        if (cause instanceof ConnectionClosedException) {
            return new DownloadException(
                    ErrorClass.NETWORK, host + " ended the connection early", cause);
        }
        if (cause instanceof HttpException || cause instanceof BadMessage) {
            return new DownloadException(
                    ErrorClass.PROTOCOL,
                    host + " does not speak HTTP as it should: " + oneLine(cause.getMessage()),
                    cause);
        }
        return new DownloadException(
                ErrorClass.NETWORK, "The connection to " + host + " broke", cause);
    }

    private static DownloadException overdue(
            String host, Watch.Overdue overdue, Exception cause, Settings limits) {
        var message =
                switch (overdue) {
                    case HEAD ->
                            host + " did not answer within " + limits.header().toSeconds() + " s";
                    case IDLE -> host + " sent nothing for " + limits.idle().toSeconds() + " s";
                    case SLOW ->
                            host
                                    + " sent less than "
                                    + limits.leastSpeed()
                                    + " bytes a second for "
                                    + limits.leastSpeedWindow().toSeconds()
                                    + " s";
                    case ALL -> host + " did not answer in time";
                };
        var detail = overdue == Watch.Overdue.SLOW ? Detail.TOO_SLOW : Detail.NONE;
        return new DownloadException(ErrorClass.TIMEOUT, message, detail, null, cause);
    }

    private static boolean isUntrusted(@Nullable Throwable cause) {
        for (var next = cause; next != null; next = next.getCause()) {
            if (next instanceof CertificateException
                    || next instanceof CertPathValidatorException) {
                return true;
            }
        }
        return false;
    }

    // The library quotes what the peer sent; a person shall not have to read all of it.
    private static String oneLine(@Nullable String text) {
        var clean = text == null ? "" : text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "…" : clean;
    }

    /** A name that could not be resolved, with what to do about it. */
    static DownloadException unresolved(String what, String todo, Exception cause) {
        return new DownloadException(
                ErrorClass.NETWORK,
                "The name " + what + " could not be resolved" + todo,
                Detail.NAME_NOT_RESOLVED,
                null,
                cause);
    }
}
