package dev.capstan.admin.rest.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who may ask (S5): a bearer token, and where something is to change, a page of ours or of an
 * allowed origin. Somebody who keeps offering wrong tokens is told to wait, longer each time; the
 * right one is taken all the same, since it cannot be guessed and its owner may share an address
 * with the one who tries.
 *
 * <p>Safe for any number of threads.
 */
public final class Doorkeeper {
    private static final int FREE_TRIES = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int REMEMBERED = 1000;
    private static final String BEARER = "bearer ";

    private final Token token;
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

    /**
     * Creates a doorkeeper.
     *
     * @param origins origins, beside our own, whose pages may change something
     */
    public Doorkeeper(Token token, Set<String> origins, Clock clock) {
        this.token = token;
        this.origins = Set.copyOf(origins);
        this.clock = clock;
    }

    /** Lets a request pass, or says why not. */
    public void check(HttpServletRequest request) throws ProblemException {
        checkOrigin(request);
        checkToken(request);
    }

    private void checkOrigin(HttpServletRequest request) throws ProblemException {
        if (Set.of("GET", "HEAD", "OPTIONS").contains(request.getMethod())) {
            return;
        }
        var origin = request.getHeader("Origin");
        var foreign =
                origin == null
                        ? "cross-site".equals(request.getHeader("Sec-Fetch-Site"))
                        : !origins.contains(origin) && !origin.equals(own(request));
        if (foreign) {
            throw new ProblemException(
                    403, "FOREIGN_ORIGIN", "Pages of other sites may not change anything here.");
        }
    }

    private static String own(HttpServletRequest request) {
        return request.getScheme() + "://" + request.getHeader("Host");
    }

    private void checkToken(HttpServletRequest request) throws ProblemException {
        var offered = request.getHeader("Authorization");
        if (offered == null || !offered.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unknown("This needs the token of DIR/token, as \"Authorization: Bearer TOKEN\".");
        }
        var caller = request.getRemoteAddr();
        if (token.is(offered.substring(BEARER.length()).strip())) {
            forget(caller);
        } else if (mustWait(caller)) {
            throw new ProblemException(
                    429, "TOO_MANY_TRIES", "Too many wrong tokens; wait a minute.");
        } else {
            throw unknown("This token is not the one of this host.");
        }
    }

    private static ProblemException unknown(String detail) {
        return new ProblemException(401, "UNAUTHORIZED", detail);
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
