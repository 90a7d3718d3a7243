package dev.capstan.host.direct;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a server for the head of a file, for somebody who looks at a link before adding it. What it
 * tells is shown and never believed: the transfer asks again.
 */
final class Glance {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private Glance() {}

    /** Adds the size to a file, if the server tells it. */
    static void at(RemoteFile file, URI link, ResolveContext context)
            throws DownloadException, InterruptedException {
        try {
            var answer = context.http(policy(link, context)).send(request(link, context));
            switch (answer.status()) {
                case 401, 403, 404, 410, 451 -> throw answer.failure(link.getHost());
                case 200 -> length(answer).ifPresent(file::size);
                default -> {
                    // Many servers answer the head of a file in their own ways, and give it all
                    // the same: nothing is known.
                }
            }
        } catch (DownloadException e) {
            // A redirect to somewhere else is followed by a transfer only, and so is what a
            // server makes of a question it does not know.
            if (e.errorClass() != ErrorClass.BLOCKED && e.errorClass() != ErrorClass.PROTOCOL) {
                throw e;
            }
        }
    }

    private static OutboundHttp.Policy policy(URI link, ResolveContext context) {
        var origin = URI.create(link.getScheme() + "://" + link.getRawAuthority());
        var trusted = context.trust() == Trust.OPERATOR ? Set.of(origin) : Set.<URI>of();
        return new OutboundHttp.Policy(trusted, Set.of(), WITHIN);
    }

    private static OutboundRequest request(URI link, ResolveContext context) {
        var request = OutboundRequest.head(link).with("Accept-Encoding", "identity");
        for (var field : context.headers().entrySet()) {
            request = request.with(field.getKey(), field.getValue());
        }
        return request;
    }

    private static Optional<Long> length(OutboundResponse answer) {
        return answer.header("Content-Encoding").isPresent()
                ? Optional.empty()
                : answer.header("Content-Length")
                        .filter(length -> length.matches("\\d{1,18}"))
                        .map(Long::valueOf);
    }
}
