package dev.capstan.tck.host;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A client that reaches services on this machine only, so that a test can never ask the real one.
 * It keeps N2 to N5 of {@link OutboundHttp}; the guard of addresses (N1) is here that every address
 * but loopback is refused.
 *
 * <p>Safe for any number of threads. {@link OutboundHttp.Client#send} blocks, and ends on
 * interruption.
 */
public final class LoopbackHttp implements OutboundHttp {
    private static final int MOST_REDIRECTS = 3;
    private static final byte[] NO_BODY = {};
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Fields that a client of the JDK makes itself. */
    private static final Set<String> FRAMING =
            Set.of("host", "content-length", "connection", "transfer-encoding");

    /** Makes a client maker; it holds nothing. */
    public LoopbackHttp() {}

    @Override
    public Client client(Policy policy) {
        var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .cookieHandler(new CookieManager())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
        return request -> follow(client, policy, request);
    }

    private static OutboundResponse follow(
            HttpClient client, Policy policy, OutboundRequest request)
            throws DownloadException, InterruptedException {
        var next = request;
        for (var i = 0; ; i++) {
            var answer = send(client, policy, next);
            var location = answer.header("location");
            if (!REDIRECTS.contains(answer.status()) || location.isEmpty()) {
                return answer;
            }
            var to = next.uri().resolve(location.get());
            var sameHost = Objects.equals(to.getHost(), next.uri().getHost());
            if (i == MOST_REDIRECTS
                    || !(sameHost || policy.redirectHosts().contains(to.getHost()))) {
                throw new DownloadException(
                        ErrorClass.BLOCKED,
                        "A redirect led from " + host(next.uri()) + " elsewhere");
            }
            next = redirected(next, to, answer.status() == 303);
        }
    }

    private static OutboundRequest redirected(OutboundRequest request, URI to, boolean asGet) {
        var sameOrigin =
                to.getAuthority().equals(request.uri().getAuthority())
                        && to.getScheme().equals(request.uri().getScheme());
        var body = request.body();
        return new OutboundRequest(
                asGet ? "GET" : request.method(),
                to,
                sameOrigin ? request.headers() : Map.of(),
                asGet || body == null ? NO_BODY : body,
                request.maxAnswer());
    }

    private static OutboundResponse send(HttpClient client, Policy policy, OutboundRequest request)
            throws DownloadException, InterruptedException {
        requireLoopback(request.uri());
        var body = request.body();
        var outgoing =
                HttpRequest.newBuilder(request.uri())
                        .timeout(policy.timeout())
                        .method(
                                request.method(),
                                body == null || body.length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        request.headers().entrySet().stream()
                .filter(field -> !FRAMING.contains(field.getKey().toLowerCase(Locale.ROOT)))
                .forEach(field -> outgoing.header(field.getKey(), field.getValue()));
        try {
            // Not as a stream: before Java 20 a read of it swallows an interrupt (JDK-8294047).
            var answer = client.send(outgoing.build(), BodyHandlers.ofByteArray());
            return read(answer, request);
        } catch (HttpTimeoutException e) {
            throw new DownloadException(
                    ErrorClass.TIMEOUT, host(request.uri()) + " did not answer in time", e);
        } catch (ConnectException e) {
            throw new DownloadException(
                    ErrorClass.NETWORK, host(request.uri()) + " refused the connection", e);
        } catch (IOException e) {
            throw new DownloadException(
                    ErrorClass.NETWORK, "The connection to " + host(request.uri()) + " broke", e);
        }
    }

    private static OutboundResponse read(HttpResponse<byte[]> answer, OutboundRequest request)
            throws DownloadException {
        if (answer.body().length > request.maxAnswer()) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL,
                    host(request.uri())
                            + " answered with more than "
                            + request.maxAnswer()
                            + " bytes");
        }
        var fields = new HashMap<String, List<String>>();
        answer.headers()
                .map()
                .forEach((name, all) -> fields.put(name.toLowerCase(Locale.ROOT), all));
        return new OutboundResponse(answer.statusCode(), fields, answer.body(), answer.uri());
    }

    private static void requireLoopback(URI uri) throws DownloadException {
        var scheme = uri.getScheme();
        var host = uri.getHost();
        try {
            if (("http".equals(scheme) || "https".equals(scheme))
                    && host != null
                    && InetAddress.getByName(host).isLoopbackAddress()) {
                return;
            }
        } catch (IOException e) {
            throw new DownloadException(ErrorClass.NETWORK, host + " is not known here", e);
        }
        throw new DownloadException(
                ErrorClass.BLOCKED, "A test asks services on this machine only, not " + host(uri));
    }

    private static String host(URI uri) {
        return String.valueOf(uri.getHost());
    }
}
