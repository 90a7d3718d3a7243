package dev.capstan.download.provider;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a host may know and use while it resolves one download. A listing's pages are fetched with
 * the same context, so its deadline moves with each call.
 */
final class HostContext implements ResolveContext {
    private final Download row;
    private final @Nullable String linkPassword;
    private final Map<String, String> headers;
    private final Supplier<@Nullable OutboundHttp> outbound;
    private final Runnable clientIsAway;
    private final Clock clock;
    private final Purpose purpose;
    private volatile Instant deadline;

    /**
     * Makes one.
     *
     * @param clientIsAway hears that a call needs the client and cannot have it
     */
    HostContext(
            Download row,
            LinkSecret secret,
            Supplier<@Nullable OutboundHttp> outbound,
            Runnable clientIsAway,
            Clock clock,
            Duration limit) {
        this(
                row,
                secret,
                outbound,
                clientIsAway,
                clock,
                limit,
                row.kind() == Download.Kind.LISTING ? Purpose.EXPAND : Purpose.START);
    }

    HostContext(
            Download row,
            LinkSecret secret,
            Supplier<@Nullable OutboundHttp> outbound,
            Runnable clientIsAway,
            Clock clock,
            Duration limit,
            Purpose purpose) {
        this.row = row;
        this.purpose = purpose;
        linkPassword = secret.password();
        headers = secret.headersFor(Link.originOf(row.source().link()));
        this.outbound = outbound;
        this.clientIsAway = clientIsAway;
        this.clock = clock;
        deadline = clock.instant().plus(limit);
    }

    /** Begins another call. */
    void begin(Duration limit) {
        deadline = clock.instant().plus(limit);
    }

    @Override
    public Purpose purpose() {
        return purpose;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    /** One client, so that its cookies last; a call beyond the deadline is interrupted anyway. */
    @Override
    public OutboundHttp.Client http(Policy policy) {
        return new OutboundHttp.Client() {
            private OutboundHttp.@Nullable Client client;

            @Override
            public OutboundResponse send(OutboundRequest request)
                    throws DownloadException, InterruptedException {
                var left = Duration.between(clock.instant(), deadline);
                if (left.isNegative() || left.isZero()) {
                    throw new DownloadException(
                            ErrorClass.TIMEOUT, "The host's time for this call is over.");
                }
                return client(left).send(request);
            }

            private synchronized OutboundHttp.Client client(Duration left)
                    throws InterruptedException {
                if (client == null) {
                    client = make(policy, left);
                }
                return client;
            }
        };
    }

    private OutboundHttp.Client make(Policy policy, Duration left) throws InterruptedException {
        var http = outbound.get();
        if (http == null) {
            // H2: no fault of the host's, to which it is as if its caller had gone.
            clientIsAway.run();
            throw new InterruptedException("No HTTP client is there: its bundle is stopped.");
        }
        var timeout = policy.timeout().compareTo(left) < 0 ? policy.timeout() : left;
        return http.client(new Policy(policy.trustedBases(), policy.redirectHosts(), timeout));
    }

    @Override
    public Trust trust() {
        return row.source().trust();
    }

    @Override
    public Optional<String> linkPassword() {
        return Optional.ofNullable(linkPassword);
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public Optional<SourceKey> knownKey() {
        return Optional.ofNullable(row.source().key());
    }

    @Override
    public OptionalLong knownSize() {
        return row.metrics().knownSize();
    }

    @Override
    public Optional<String> knownName() {
        return Optional.ofNullable(row.target().name());
    }

    @Override
    public Optional<String> givenLink() {
        return Optional.of(row.source().link());
    }

    @Override
    public int depth() {
        var mark = ListingMark.of(row);
        return mark == null ? 0 : mark.depth();
    }
}
