package dev.capstan.download.provider;

import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.provider.LocalState.Claims;
import dev.capstan.event.Topics;
import dev.capstan.host.HostInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All hosts that are or were here, and the choice of the one a link belongs to. It is made by
 * service properties alone and by whole names: first the host that claims the link's domain, be it
 * present or away, then the one that claims its scheme.
 *
 * <p>Safe for any thread.
 */
final class HostRegistry {
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final LocalState state;
    private final Predicate<String> bundleIsInstalled;
    private final Events events;
    private final Clock clock;

    HostRegistry(
            LocalState state, Predicate<String> bundleIsInstalled, Events events, Clock clock) {
        this.state = state;
        this.bundleIsInstalled = bundleIsInstalled;
        this.events = events;
        this.clock = clock;
        var now = clock.instant();
        state.hosts().forEach((id, claims) -> hosts.put(id, new Host(id, claims, now)));
    }

    void add(HostService service) {
        host(service.id(), service.claims()).add(service);
        state.remember(service.id(), service.claims());
        events.postHost(Topics.HOST_ADDED, service.id());
    }

    /** A service has other properties now. */
    void replace(HostService old, HostService changed) {
        get(old.id()).replace(old, changed);
        state.remember(changed.id(), changed.claims());
    }

    /** A service went. Returns whether its host used it. */
    boolean remove(HostService service) {
        var inUse = get(service.id()).remove(service, clock.instant());
        service.close();
        events.postHost(Topics.HOST_REMOVED, service.id());
        return inUse;
    }

    /** A host by its id; one that was never here is away. */
    Host get(String id) {
        return host(id, new Claims("", "", Set.of(), List.of()));
    }

    /**
     * The host a link belongs to, present or away.
     *
     * @throws RefusedException if no host takes it, or the bundle of the one that does is not
     *     installed
     */
    Host choose(Link link) throws RefusedException {
        var host =
                claimant(link)
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                Reason.UNSUPPORTED,
                                                "No host takes " + link.scheme() + ": links."));
        var bundle = host.claims().bundle();
        if (host.service().isEmpty() && !bundleIsInstalled.test(bundle)) {
            throw new RefusedException(
                    Reason.HOST_MISSING,
                    "The link belongs to host "
                            + host.id()
                            + ", and its bundle "
                            + bundle
                            + " is not installed.");
        }
        return host;
    }

    private Optional<Host> claimant(Link link) {
        if (Link.isWeb(link.scheme())) {
            var owner =
                    present()
                            .filter(host -> host.claims().domains().contains(link.hostName()))
                            .findFirst();
            return owner.isPresent()
                    ? owner
                    : claimingScheme(link).filter(Host::isCatchAll).findFirst();
        }
        return claimingScheme(link).findFirst();
    }

    private Stream<Host> claimingScheme(Link link) {
        return present().filter(host -> host.claims().schemes().contains(link.scheme()));
    }

    /** All hosts, those that are present and ranked higher first. */
    private Stream<Host> present() {
        return hosts.values().stream()
                .sorted(
                        Comparator.comparing((Host host) -> host.service().isEmpty())
                                .thenComparing(
                                        host -> -host.service().map(HostService::ranking).orElse(0))
                                .thenComparing(Host::id));
    }

    /** The hosts of which nothing may be claimed now. */
    Set<String> closed(Set<String> candidates, Instant now) {
        return Set.copyOf(candidates.stream().filter(id -> get(id).room(now) == 0).toList());
    }

    /** How many more downloads may be claimed, whichever of these hosts they are of. */
    int room(Set<String> ids, Instant now) {
        return ids.stream().mapToInt(id -> get(id).room(now)).min().orElse(0);
    }

    /** Hosts that are present, and those that queued downloads wait for. */
    List<HostInfo> list(Set<String> queued, HostAccounts accounts) {
        var now = clock.instant();
        return hosts.values().stream()
                .filter(host -> host.service().isPresent() || queued.contains(host.id()))
                .sorted(Comparator.comparing(Host::id))
                .map(host -> info(host, accounts, now))
                .toList();
    }

    /**
     * A host that is or was here.
     *
     * @throws RefusedException if there is none of that id
     */
    Host known(String id) throws RefusedException {
        var host = hosts.get(id);
        if (host == null) {
            throw new RefusedException(Reason.NOT_FOUND, "There is no host \"" + id + "\".");
        }
        return host;
    }

    /** Hosts that are or were here. */
    Stream<Host> stream() {
        return hosts.values().stream();
    }

    boolean release(String id) {
        var host = hosts.get(id);
        if (host != null) {
            host.release();
        }
        return host != null;
    }

    /** An engine came. */
    void engineCame(Set<String> schemes) {
        hosts.values().forEach(host -> host.engineCame(schemes));
    }

    /** A decryptor came. */
    void decryptorCame(Set<String> ciphers) {
        hosts.values().forEach(host -> host.decryptorCame(ciphers));
    }

    /** When a breaker lets the next download through. */
    Optional<Instant> nextOpening(Instant now) {
        return hosts.values().stream()
                .flatMap(host -> Stream.ofNullable(host.breakerOpenUntil(now)))
                .min(Comparator.naturalOrder());
    }

    private Host host(String id, Claims claims) {
        return hosts.computeIfAbsent(id, any -> new Host(id, claims, clock.instant()));
    }

    private static HostInfo info(Host host, HostAccounts accounts, Instant now) {
        var claims = host.claims();
        return new HostInfo(
                host.id(),
                claims.bundle(),
                claims.version(),
                claims.schemes(),
                claims.domains(),
                host.service().isPresent(),
                host.active(),
                host.breakerOpenUntil(now),
                host.held(),
                accounts.of(host),
                host.hanging() + accounts.hanging(host));
    }
}
