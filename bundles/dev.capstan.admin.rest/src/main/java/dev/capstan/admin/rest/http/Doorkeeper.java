package dev.capstan.admin.rest.http;

import dev.capstan.access.Scope;
import dev.capstan.access.Tokens;
import dev.capstan.admin.rest.WebConfig;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Who may ask (S5): a bearer token of a scope, and where something is to change, a page of ours or
 * of an allowed origin. Somebody who keeps offering wrong tokens is told to wait, longer each time;
 * a right one is taken all the same, since it cannot be guessed and its owner may share an address
 * with the one who tries.
 *
 * <p>Safe for any number of threads.
 */
@Component(service = Doorkeeper.class, configurationPid = WebConfig.PID)
public final class Doorkeeper {
    private static final int FREE_TRIES = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int REMEMBERED = 1000;
    private static final String BEARER = "bearer ";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final Token administrator;
    private final Set<String> origins;
    private final Clock clock;

    /** Whoever was wrong, the longest ago first; as many as fit. */
    private final Map<String, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private record Failures(int count, Instant until) {}

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Tokens programs;

    /** Takes whose token opens everything, and whose pages may come. */
    @Activate
    public Doorkeeper(WebConfig config, @Reference Token administrator) {
        this(administrator, Set.of(config.allowedOrigins()), Clock.systemUTC());
    }

    Doorkeeper(Token administrator, Set<String> origins, Clock clock) {
        this.administrator = administrator;
        this.origins = origins;
        this.clock = clock;
    }

    /**
     * Refuses what a page of another site wants to change. What only reads passes: without an
     * origin that is allowed, its answer is not shown to such a page.
     */
    public void checkOrigin(HttpServletRequest request) throws ProblemException {
        if (!READING.contains(request.getMethod()) && isForeign(request)) {
            throw foreign();
        }
    }

    /** Refuses a page of another site whatever it wants, as for what stays open. */
    public void checkAnyOrigin(HttpServletRequest request) throws ProblemException {
        if (isForeign(request)) {
            throw foreign();
        }
    }

    /** The origin of another site whose pages may use this host; empty for all others. */
    public Optional<String> allowedOrigin(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("Origin")).filter(origins::contains);
    }

    private boolean isForeign(HttpServletRequest request) {
        var origin = request.getHeader("Origin");
        return origin == null
                ? "cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                : !origins.contains(origin) && !origin.equals(own(request));
    }

    private static ProblemException foreign() {
        return new ProblemException(
                403, "FOREIGN_ORIGIN", "Pages of other sites may not change anything here.");
    }

    private static String own(HttpServletRequest request) {
        return request.getScheme() + "://" + request.getHeader("Host");
    }

    /** The scope of the bearer token of a request; nobody's without one. */
    public Scope scope(HttpServletRequest request) throws ProblemException {
        var offered = request.getHeader("Authorization");
        if (offered == null || !offered.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Scope.NOBODY;
        }
        return scope(offered.substring(BEARER.length()).strip(), request.getRemoteAddr());
    }

    /**
     * The scope of a token.
     *
     * @param offered the token
     * @param caller the address it came from
     */
    public Scope scope(String offered, String caller) throws ProblemException {
        var known = known(offered);
        if (known.isPresent()) {
            forget(caller);
            return known.get();
        }
        if (mustWait(caller)) {
            throw ProblemException.tooManyTries(LONGEST);
        }
        throw ProblemException.unauthorized("This token is none of this host.");
    }

    private Optional<Scope> known(String offered) {
        if (administrator.is(offered)) {
            return Optional.of(Scope.ADMINISTRATOR);
        }
        var others = programs;
        return others == null ? Optional.empty() : others.scope(offered);
    }

    /** Refuses what a scope does not cover. */
    public static void check(Scope scope, Scope needed) throws ProblemException {
        if (scope.covers(needed)) {
            return;
        }
        if (scope == Scope.NOBODY) {
            throw ProblemException.unauthorized(
                    "This needs the token of DIR/token, as \"Authorization: Bearer TOKEN\".");
        }
        throw new ProblemException(
                403,
                "SCOPE",
                "This needs a token of scope "
                        + needed.word()
                        + "; this one has "
                        + scope.word()
                        + ".");
    }

    private synchronized void forget(String caller) {
        failures.remove(caller);
    }

    private synchronized boolean mustWait(String caller) {
        var now = clock.instant();
        var before = failures.getOrDefault(caller, new Failures(0, Instant.MIN));
        if (now.isBefore(before.until)) {
            return true;
        }
        var count = before.count + 1;
        var over = Math.min(count - FREE_TRIES, 10);
        var wait = over < 0 ? Duration.ZERO : Duration.ofSeconds(1L << over);
        if (wait.compareTo(LONGEST) > 0) {
            wait = LONGEST;
        }
        failures.put(caller, new Failures(count, now.plus(wait)));
        return false;
    }
}
