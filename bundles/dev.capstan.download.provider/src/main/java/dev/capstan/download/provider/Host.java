package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.provider.LocalState.Claims;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One host, present or away: the services behind its id, how many downloads it runs, whether its
 * account is held, and its breakers. It outlives its bundle, so that its links stay its own.
 *
 * <p>A host without domains takes links of any origin. There it is not the host that is down but
 * one origin, so each has a breaker of its own.
 *
 * <p>Safe for any thread; the lock is held for memory only, and tells of a service that came.
 */
final class Host {
    private static final int BREAKERS_MOST = 1_000;

    private final String id;
    private final List<HostService> services = new ArrayList<>();

    /** Those that went; a call that cannot be stopped runs on in one. */
    private final List<HostService> gone = new ArrayList<>();

    private final Map<String, Breaker> breakers = new HashMap<>();
    private Claims claims;
    private @Nullable Instant awaySince;
    private int active;
    private @Nullable String held;
    private @Nullable String refreshedBy;
    private @Nullable String missingScheme;
    private @Nullable Instant missingSince;
    private @Nullable String missingCipher;
    private @Nullable Instant cipherMissingSince;

    Host(String id, Claims claims, Instant now) {
        this.id = id;
        this.claims = claims;
        awaySince = now;
    }

    String id() {
        return id;
    }

    synchronized Claims claims() {
        return claims;
    }

    /** Takes any http and https link that no other host claims. */
    synchronized boolean isCatchAll() {
        return claims.domains().isEmpty() && claims.schemes().stream().anyMatch(Link::isWeb);
    }

    /** A service came. What was held against the one before is forgotten. */
    synchronized void add(HostService service) {
        services.add(service);
        services.sort(Comparator.comparingInt(HostService::ranking).reversed());
        claims = services.get(0).claims();
        awaySince = null;
        release();
        notifyAll();
    }

    /** Waits until a service of it is there, at most until then. */
    synchronized void awaitService(long nanoTime) throws InterruptedException {
        for (var left = left(nanoTime); services.isEmpty() && left > 0; left = left(nanoTime)) {
            wait(left);
        }
    }

    private static long left(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
    }

    synchronized void replace(HostService old, HostService changed) {
        if (services.remove(old)) {
            add(changed);
        }
    }

    /** A service went. Returns whether it was the one in use. */
    synchronized boolean remove(HostService service, Instant now) {
        var inUse = !services.isEmpty() && services.get(0) == service;
        services.remove(service);
        gone.removeIf(HostService::isIdle);
        gone.add(service);
        if (services.isEmpty()) {
            awaySince = now;
        } else {
            claims = services.get(0).claims();
        }
        return inUse;
    }

    synchronized Optional<HostService> service() {
        return services.isEmpty() ? Optional.empty() : Optional.of(services.get(0));
    }

    /** Calls that were told to stop and have not. */
    synchronized int hanging() {
        gone.removeIf(HostService::isIdle);
        return Stream.concat(services.stream(), gone.stream())
                .mapToInt(HostService::abandonedCalls)
                .sum();
    }

    /** Forgets what it is kept waiting for. */
    synchronized void release() {
        held = null;
        refreshedBy = null;
        missingScheme = null;
        missingCipher = null;
        breakers.clear();
    }

    synchronized int active() {
        return active;
    }

    synchronized @Nullable String held() {
        return held;
    }

    /** Until when its breaker is open; of several, the last. */
    synchronized @Nullable Instant breakerOpenUntil(Instant now) {
        return breakers.values().stream()
                .filter(breaker -> !breaker.admits(now))
                .map(breaker -> breaker.nextTry(now))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** How many more of its downloads may be claimed; one by one while an outage is remembered. */
    synchronized int room(Instant now) {
        if (obstacle(now, null).isPresent()) {
            return 0;
        }
        var left = Math.max(0, services.get(0).maxConcurrent() - active);
        return isCatchAll() || breakers.isEmpty() ? left : Math.min(1, left);
    }

    /** A download of it was claimed. */
    synchronized Visit enter(String download, String origin, Instant now) {
        active++;
        var obstacle = obstacle(now, origin);
        var breaker = breakers.get(key(origin));
        var probes = obstacle.isEmpty() && breaker != null && breaker.probe(now);
        return new Visit(download, key(origin), obstacle.orElse(null), probes);
    }

    /** One download's time with its host. Used by one run. */
    final class Visit {
        private final String download;
        private final String key;
        private final @Nullable Obstacle obstacle;
        private boolean probes;

        private Visit(String download, String key, @Nullable Obstacle obstacle, boolean probes) {
            this.download = download;
            this.key = key;
            this.obstacle = obstacle;
            this.probes = probes;
        }

        /** What stood in the way already when it was claimed, or null. */
        @Nullable Obstacle obstacle() {
            return obstacle;
        }

        /** The bytes are here. */
        void succeeded() {
            synchronized (Host.this) {
                // A breaker without a past is the same as none.
                breakers.remove(key);
                probes = false;
            }
        }

        /** Q14: an attempt failed. */
        void failed(DownloadException error, Instant now) {
            if (answers(error.errorClass())) {
                succeeded();
            } else if (error.errorClass().isOutage()) {
                synchronized (Host.this) {
                    if (breakers.size() < BREAKERS_MOST || breakers.containsKey(key)) {
                        breakers.computeIfAbsent(key, any -> new Breaker()).outage(error, now);
                    }
                    probes = false;
                }
            }
        }

        /**
         * The account did not work. The first download that says so may try once more, which makes
         * the host begin a new session; the others wait for it.
         *
         * @return whether this download is the one to try
         */
        boolean mayRefresh() {
            synchronized (Host.this) {
                if (held != null || refreshedBy != null) {
                    return false;
                }
                refreshedBy = download;
                return true;
            }
        }

        void leave() {
            synchronized (Host.this) {
                active--;
                var breaker = probes ? breakers.get(key) : null;
                if (breaker != null) {
                    breaker.unknown();
                }
                if (download.equals(refreshedBy)) {
                    refreshedBy = null;
                }
            }
        }
    }

    /** The account does not work: its downloads wait for the operator. */
    synchronized void hold(String why) {
        held = why;
        refreshedBy = null;
    }

    /** Its links need an engine that is not there. */
    synchronized void needsEngine(String scheme, Instant now) {
        missingScheme = scheme;
        missingSince = now;
    }

    synchronized void engineCame(Set<String> schemes) {
        if (missingScheme != null && schemes.contains(missingScheme)) {
            missingScheme = null;
        }
    }

    /** Its files need a decryptor that is away. */
    synchronized void needsDecryptor(String cipher, Instant now) {
        missingCipher = cipher;
        cipherMissingSince = now;
    }

    synchronized void decryptorCame(Set<String> ciphers) {
        if (missingCipher != null && ciphers.contains(missingCipher)) {
            missingCipher = null;
        }
    }

    /**
     * Why its downloads wait.
     *
     * @param origin the origin of the download's link, or null where it does not matter
     */
    synchronized Optional<Obstacle> obstacle(Instant now, @Nullable String origin) {
        if (services.isEmpty()) {
            return obstacle(
                    Phase.WAITING_FOR_HOST, "waiting for host " + id, awaySince, ErrorClass.HOST);
        }
        if (held != null) {
            return obstacle(Phase.ACCOUNT_HELD, held, null, ErrorClass.AUTH);
        }
        if (refreshedBy != null) {
            return obstacle(
                    Phase.ACCOUNT_HELD, "checking the account of host " + id, now, ErrorClass.AUTH);
        }
        if (missingScheme != null) {
            return obstacle(
                    Phase.WAITING_FOR_ENGINE,
                    "waiting for an engine that moves " + missingScheme + ": links",
                    missingSince,
                    ErrorClass.HOST);
        }
        if (missingCipher != null) {
            return obstacle(
                    Phase.WAITING_FOR_ENGINE,
                    "waiting for a decryptor of " + missingCipher,
                    cipherMissingSince,
                    ErrorClass.DECRYPT);
        }
        var breaker = isCatchAll() && origin == null ? null : breakers.get(key(origin));
        if (breaker == null || breaker.admits(now)) {
            return Optional.empty();
        }
        return Optional.of(
                new Obstacle(
                        Phase.HOST_WAIT,
                        breaker.why(),
                        breaker.nextTry(now),
                        null,
                        breaker.errorClass()));
    }

    private static Optional<Obstacle> obstacle(
            Phase phase, String note, @Nullable Instant since, ErrorClass errorClass) {
        return Optional.of(new Obstacle(phase, note, null, since, errorClass));
    }

    private static boolean answers(ErrorClass errorClass) {
        return switch (errorClass) {
            case NOT_FOUND, ACCOUNT, AUTH, RATE_LIMITED, LINK_EXPIRED, CHANGED -> true;
            default -> false;
        };
    }

    private String key(@Nullable String origin) {
        return isCatchAll() && origin != null ? origin : "";
    }
}
