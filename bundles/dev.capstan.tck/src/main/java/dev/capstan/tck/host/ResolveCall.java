package dev.capstan.tck.host;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundHttp.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One call of a host as the orchestrator makes it: an operator's link, a minute of time, and a
 * client whose calls end with that. Changed copies are made with the chained setters; immutable.
 */
public final class ResolveCall implements ResolveContext {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final OutboundHttp http;
    private final InstantSource clock;
    private final Purpose purpose;
    private final Instant deadline;
    private final Trust trust;
    private final @Nullable String password;
    private final Map<String, String> headers;
    private final @Nullable String given;

    private ResolveCall(
            OutboundHttp http,
            InstantSource clock,
            Purpose purpose,
            Instant deadline,
            Trust trust,
            @Nullable String password,
            Map<String, String> headers,
            @Nullable String given) {
        this.http = http;
        this.clock = clock;
        this.purpose = purpose;
        this.deadline = deadline;
        this.trust = trust;
        this.password = password;
        this.headers = Map.copyOf(headers);
        this.given = given;
    }

    /**
     * A call that begins now.
     *
     * @param purpose why the host is asked
     * @param http what its client is made of, for example a {@link LoopbackHttp}
     * @param clock what deadlines are counted on
     * @return a call
     */
    public static ResolveCall of(Purpose purpose, OutboundHttp http, InstantSource clock) {
        var deadline = clock.instant().plus(A_MINUTE);
        return new ResolveCall(
                http, clock, purpose, deadline, Trust.OPERATOR, null, Map.of(), null);
    }

    /**
     * The same call with another deadline.
     *
     * @param value when the caller's patience ends
     * @return a copy
     */
    public ResolveCall until(Instant value) {
        return new ResolveCall(http, clock, purpose, value, trust, password, headers, given);
    }

    /**
     * The same call for a link of somebody else.
     *
     * @param value who gave the link
     * @return a copy
     */
    public ResolveCall trust(Trust value) {
        return new ResolveCall(http, clock, purpose, deadline, value, password, headers, given);
    }

    /**
     * The same call for a protected link.
     *
     * @param value the link's password
     * @return a copy
     */
    public ResolveCall password(String value) {
        return new ResolveCall(http, clock, purpose, deadline, trust, value, headers, given);
    }

    /**
     * The same call with headers of the user.
     *
     * @param value fields
     * @return a copy
     */
    public ResolveCall headers(Map<String, String> value) {
        return new ResolveCall(http, clock, purpose, deadline, trust, password, value, given);
    }

    /**
     * The same call with the link as it was given.
     *
     * @param value the link before it was made canonical
     * @return a copy
     */
    public ResolveCall given(String value) {
        return new ResolveCall(http, clock, purpose, deadline, trust, password, headers, value);
    }

    @Override
    public Purpose purpose() {
        return purpose;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public OutboundHttp.Client http(Policy policy) {
        return request -> {
            var left = Duration.between(clock.instant(), deadline);
            if (left.isNegative() || left.isZero()) {
                throw new DownloadException(
                        ErrorClass.TIMEOUT, "The host's time for this call is over");
            }
            var within = left.compareTo(policy.timeout()) < 0 ? left : policy.timeout();
            return http.client(new Policy(policy.trustedBases(), policy.redirectHosts(), within))
                    .send(request);
        };
    }

    @Override
    public Trust trust() {
        return trust;
    }

    @Override
    public Optional<String> linkPassword() {
        return Optional.ofNullable(password);
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public Optional<SourceKey> knownKey() {
        return Optional.empty();
    }

    @Override
    public OptionalLong knownSize() {
        return OptionalLong.empty();
    }

    @Override
    public Optional<String> givenLink() {
        return Optional.ofNullable(given);
    }
}
