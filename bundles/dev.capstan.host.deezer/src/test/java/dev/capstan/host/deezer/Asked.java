package dev.capstan.host.deezer;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.host.spi.Time;
import dev.capstan.net.spi.OutboundHttp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A context as the orchestrator gives it, with the real client. */
record Asked(
        Purpose purpose,
        Instant deadline,
        OutboundHttp outbound,
        Optional<String> givenLink,
        Optional<String> knownName)
        implements ResolveContext {

    static Asked now(OutboundHttp outbound, Time time) {
        var deadline = time.instant().plus(Duration.ofSeconds(60));
        return new Asked(Purpose.START, deadline, outbound, Optional.empty(), Optional.empty());
    }

    Asked given(String link) {
        return new Asked(purpose, deadline, outbound, Optional.of(link), knownName);
    }

    Asked named(String name) {
        return new Asked(purpose, deadline, outbound, givenLink, Optional.of(name));
    }

    Asked until(Instant time) {
        return new Asked(purpose, time, outbound, givenLink, knownName);
    }

    Asked toLook() {
        return new Asked(Purpose.PREVIEW, deadline, outbound, givenLink, knownName);
    }

    @Override
    public OutboundHttp.Client http(OutboundHttp.Policy policy) {
        return outbound.client(policy);
    }

    @Override
    public Trust trust() {
        return Trust.NETWORK;
    }

    @Override
    public Optional<String> linkPassword() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public Optional<SourceKey> knownKey() {
        return Optional.empty();
    }

    @Override
    public OptionalLong knownSize() {
        return OptionalLong.empty();
    }
}
