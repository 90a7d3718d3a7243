package dev.capstan.transfer.http.wire;

import dev.capstan.transfer.http.field.Head;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.cookie.Cookie;
import org.apache.hc.client5.http.cookie.CookieOrigin;
import org.apache.hc.client5.http.cookie.CookieSpec;
import org.apache.hc.client5.http.cookie.MalformedCookieException;
import org.apache.hc.client5.http.impl.cookie.RFC6265CookieSpecFactory;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * A cookie jar (RFC 6265, with the list of public suffixes). It holds fifty cookies, the oldest
 * give way. Nothing of the library is loaded before the first cookie comes. Safe for any number of
 * threads.
 */
public final class Cookies {
    private static final int MOST = 50;
    private static final int LONGEST = 4 << 10;

    // More seconds than the library can read; it would take the attribute for not said.
    private static final Pattern HUGE_AGE =
            Pattern.compile("(?i)(;\\s*max-age\\s*=\\s*-?)\\d{10,}");

    private record Key(String name, @Nullable String domain, @Nullable String path) {}

    private final Map<Key, Cookie> all = new LinkedHashMap<>();
    private @Nullable Rules rules;

    /** Keeps what an answer sets; malformed and foreign cookies are dropped. */
    synchronized void learn(Target from, Head head) {
        var fields = head.all("set-cookie");
        if (fields.isEmpty()) {
            return;
        }
        if (rules == null) {
            rules = new Rules();
        }
        var origin = origin(from);
        for (var field : fields) {
            if (field.length() <= LONGEST) {
                learn(rules, origin, field);
            }
        }
    }

    private void learn(Rules how, CookieOrigin origin, String field) {
        try {
            var readable = HUGE_AGE.matcher(field).replaceAll("$1999999999");
            for (var cookie : how.spec.parse(new BasicHeader("Set-Cookie", readable), origin)) {
                how.spec.validate(cookie, origin);
                if (how.isForMany(cookie, origin)) {
                    continue;
                }
                var key = new Key(cookie.getName(), cookie.getDomain(), cookie.getPath());
                all.remove(key);
                if (!cookie.isExpired(Instant.now())) {
                    all.put(key, cookie);
                }
                if (all.size() > MOST) {
                    all.remove(all.keySet().iterator().next());
                }
            }
        } catch (MalformedCookieException e) {
            // Not a cookie we would ever send.
        }
    }

    /** The value of the Cookie field for a target, or null. */
    synchronized @Nullable String forTarget(Target to) {
        if (all.isEmpty()) {
            return null;
        }
        var spec = Objects.requireNonNull(rules).spec;
        var now = Instant.now();
        all.values().removeIf(cookie -> cookie.isExpired(now));
        var origin = origin(to);
        var fitting =
                all.values().stream()
                        .filter(cookie -> spec.match(cookie, origin))
                        .filter(cookie -> isOnPath(cookie, origin.getPath()))
                        .toList();
        return fitting.isEmpty()
                ? null
                : spec.formatCookies(fitting).stream()
                        .map(field -> field.getValue())
                        .collect(Collectors.joining("; "));
    }

    /** RFC 6265 §5.1.4; for the library {@code /a/} is {@code /a} too. */
    private static boolean isOnPath(Cookie cookie, String path) {
        var folder = cookie.getPath();
        return folder == null || !folder.endsWith("/") || path.startsWith(folder);
    }

    private static CookieOrigin origin(Target target) {
        var path = target.path().split("\\?", 2)[0];
        return new CookieOrigin(target.host(), target.port(), path, target.secure());
    }

    private static final class Rules {
        final PublicSuffixMatcher suffixes = PublicSuffixMatcherLoader.getDefault();
        final CookieSpec spec =
                new RFC6265CookieSpecFactory(suffixes).create(HttpCoreContext.create());

        /**
         * Whether it would go to all customers of a registry or a hosting service; the library asks
         * for registries only.
         */
        boolean isForMany(Cookie cookie, CookieOrigin origin) {
            var domain = cookie.getDomain();
            return domain != null
                    && !domain.equals(origin.getHost())
                    && suffixes.getDomainRoot(domain, null) == null;
        }
    }
}
