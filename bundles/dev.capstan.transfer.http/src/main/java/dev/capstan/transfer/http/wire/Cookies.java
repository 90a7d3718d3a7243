package dev.capstan.transfer.http.wire;

import dev.capstan.transfer.http.field.Head;
import java.time.Instant;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.CookieOrigin;
import org.apache.hc.client5.http.cookie.CookieSpec;
import org.apache.hc.client5.http.cookie.MalformedCookieException;
import org.apache.hc.client5.http.impl.cookie.RFC6265CookieSpecFactory;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * A cookie jar (RFC 6265, with the list of public suffixes). Nothing of it is loaded before the
 * first cookie comes. Safe for any number of threads.
 */
public final class Cookies {
    private @Nullable CookieSpec spec;
    private final BasicCookieStore store = new BasicCookieStore();

    /** Keeps what an answer sets; malformed and foreign cookies are dropped. */
    synchronized void learn(Target from, Head head) {
        var fields = head.all("set-cookie");
        if (fields.isEmpty()) {
            return;
        }
        if (spec == null) {
            spec =
                    new RFC6265CookieSpecFactory(PublicSuffixMatcherLoader.getDefault())
                            .create(HttpCoreContext.create());
        }
        var origin = origin(from);
        for (var field : fields) {
            try {
                for (var cookie : spec.parse(new BasicHeader("Set-Cookie", field), origin)) {
                    spec.validate(cookie, origin);
                    store.addCookie(cookie);
                }
            } catch (MalformedCookieException e) {
                // Not a cookie we would ever send.
            }
        }
    }

    /** The value of the Cookie field for a target, or null. */
    synchronized @Nullable String forTarget(Target to) {
        var how = spec;
        if (how == null) {
            return null;
        }
        store.clearExpired(Instant.now());
        var origin = origin(to);
        var fitting =
                store.getCookies().stream().filter(cookie -> how.match(cookie, origin)).toList();
        return fitting.isEmpty()
                ? null
                : how.formatCookies(fitting).stream()
                        .map(field -> field.getValue())
                        .collect(Collectors.joining("; "));
    }

    private static CookieOrigin origin(Target target) {
        var path = target.path().split("\\?", 2)[0];
        return new CookieOrigin(target.host(), target.port(), path, target.secure());
    }
}
