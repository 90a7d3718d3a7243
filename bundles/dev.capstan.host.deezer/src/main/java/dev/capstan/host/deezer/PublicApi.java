package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.host.spi.Time;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the public API: GET, no account, no cookie, no token. Paced (D9); where the service says
 * that it is busy or that the quota is used up, a call waits 2, 4 and 8 s by itself.
 *
 * <p>Nothing that the service writes is ever shown: it says what went wrong by a number, and the
 * words are ours.
 *
 * <p>Safe for any thread. A call blocks, and ends with the caller's deadline.
 */
final class PublicApi {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final Duration LAST_WAIT = Duration.ofSeconds(8);
    private static final int LARGEST = 4 << 20;

    private static final int QUOTA = 4;
    private static final int BUSY = 700;

    private final URI base;
    private final OutboundHttp.Policy policy;
    private final Time time;
    private final RollingWindow window;

    PublicApi(URI base, int callsPer5s, Time time) {
        this.base = base;
        this.time = time;
        var origin = URI.create(base.getScheme() + "://" + base.getRawAuthority());
        policy = new OutboundHttp.Policy(Set.of(origin), Set.of(), ANSWER);
        window = new RollingWindow(callsPer5s, WINDOW, time);
    }

    /**
     * Makes a call.
     *
     * @param path begins with a slash, with its query
     * @param what is asked for, in words
     */
    Fields get(String path, String what, ResolveContext context)
            throws DownloadException, InterruptedException {
        var client = context.http(policy);
        var wait = FIRST_WAIT;
        while (true) {
            var answer = send(client, path, what, context);
            var code = errorCode(answer, what);
            if (code == null) {
                return answer;
            }
            var mayPass = code == QUOTA || code == BUSY;
            if (!mayPass
                    || wait.compareTo(LAST_WAIT) > 0
                    || time.instant().plus(wait).isAfter(context.deadline())) {
                throw failed(code, what);
            }
            time.sleep(wait);
            wait = wait.multipliedBy(2);
        }
    }

    private Fields send(
            OutboundHttp.Client client, String path, String what, ResolveContext context)
            throws DownloadException, InterruptedException {
        if (!window.enter(context.deadline())) {
            throw limited(what, "more is asked of Deezer than its public interface allows");
        }
        OutboundResponse answer;
        try {
            var request = OutboundRequest.get(URI.create(base + path)).withMaxAnswer(LARGEST);
            answer = client.send(request.with("Accept", "application/json"));
        } catch (DownloadException e) {
            if (e.errorClass() != ErrorClass.PROTOCOL) {
                throw e;
            }
            // An answer that is too long or broken off says nothing against the track.
            throw new DownloadException(
                    ErrorClass.HOST, "Deezer's answer cannot be used: " + e.getMessage(), e);
        } finally {
            window.answered();
        }
        if (answer.status() == 401) {
            // There is no account to hold downloads for.
            throw error(ErrorClass.ACCOUNT, what, "Deezer wants an account for this");
        }
        if (answer.status() != 200) {
            throw answer.failure("Deezer");
        }
        return new Fields(parse(answer.body(), what));
    }

    private static JsonObject parse(byte[] body, String what) throws DownloadException {
        try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            // Not only JsonException: what is nested too deep is a bare one.
            throw error(ErrorClass.HOST, what, "Deezer's answer is not understood");
        }
    }

    private static @Nullable Integer errorCode(Fields answer, String what)
            throws DownloadException {
        if (!answer.has("error")) {
            return null;
        }
        try {
            return answer.object("error").number("code");
        } catch (DownloadException e) {
            throw new DownloadException(
                    ErrorClass.HOST,
                    "Deezer answered with an error that is not understood, for " + what + ".",
                    e);
        }
    }

    private static DownloadException failed(int code, String what) {
        return switch (code) {
            case QUOTA -> limited(what, "Deezer's quota of calls is used up");
            case BUSY -> error(ErrorClass.UNAVAILABLE, what, "Deezer is too busy");
            case 800 -> error(ErrorClass.NOT_FOUND, what, "Deezer knows nothing by that id");
            case 200, 901 -> error(ErrorClass.ACCOUNT, what, "Deezer shows this to its owner only");
            case 300 -> error(ErrorClass.ACCOUNT, what, "Deezer wants an account for this");
            default -> error(ErrorClass.HOST, what, "Deezer answered with its error " + code);
        };
    }

    private static DownloadException limited(String what, String reason) {
        return new DownloadException(
                ErrorClass.RATE_LIMITED,
                reason + ", for " + what + ".",
                Detail.NONE,
                LAST_WAIT,
                null);
    }

    private static DownloadException error(ErrorClass errorClass, String what, String reason) {
        return new DownloadException(errorClass, reason + ", for " + what + ".");
    }
}
