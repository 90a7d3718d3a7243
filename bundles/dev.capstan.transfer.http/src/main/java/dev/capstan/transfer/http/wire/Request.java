package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way.
 *
 * @param method the method
 * @param target where it goes
 * @param own fields that belong to the target's origin and are dropped when it leaves it
 * @param common fields that go everywhere
 * @param content the body, or null
 * @param mayBePrivate whether the target may be a private address
 * @param authentication that belongs to the target's origin, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by content
public record Request(
        String method,
        Target target,
        Map<String, String> own,
        Map<String, String> common,
        byte @Nullable [] content,
        boolean mayBePrivate,
        @Nullable Authentication authentication) {

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> OURS =
            Set.of(
                    "accept-encoding",
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "if-match",
                    "if-modified-since",
                    "if-none-match",
                    "if-range",
                    "if-unmodified-since",
                    "keep-alive",
                    "proxy-authorization",
                    "proxy-connection",
                    "range",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /** A plain request for what is no secret. */
    public static Request get(Target target, boolean mayBePrivate) {
        return new Request("GET", target, Map.of(), Map.of(), null, mayBePrivate, null);
    }

    /** The same request with other common fields. */
    public Request with(Map<String, String> fields) {
        return new Request(method, target, own, fields, content, mayBePrivate, authentication);
    }

    /**
     * The request a redirect makes of it (policy 8): what belongs to an origin is lost for good
     * when the origin changes, and so is the right to reach private addresses once the way has led
     * through a public one.
     *
     * @param other what another origin may have in place of it
     */
    Request redirected(
            Target to, boolean toGet, boolean keepsReach, @Nullable Authentication other) {
        var stays = target.sameOrigin(to);
        return new Request(
                toGet ? "GET" : method,
                to,
                stays ? own : Map.of(),
                common,
                toGet ? null : content,
                mayBePrivate && keepsReach,
                stays ? authentication : other);
    }

    /** The value of the Authorization field, or null. */
    @Nullable String authorization() {
        var proof = authentication == null ? null : authentication.authorize(method, target.path());
        return proof != null ? proof : own.get("Authorization");
    }

    /** All fields as they are sent; own ones win. */
    Map<String, String> fields(@Nullable String authorization, @Nullable String cookies) {
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        all.put("Host", target.hostField());
        all.putAll(common);
        all.putAll(own);
        if (authorization != null) {
            all.put("Authorization", authorization);
        }
        if (cookies != null) {
            all.merge("Cookie", cookies, (given, kept) -> given + "; " + kept);
        }
        return all;
    }

    /**
     * The fields of a link that may be sent as they are: framing, ranges and conditions are ours.
     *
     * @throws DownloadException with BLOCKED if a field would end the line it stands on
     */
    static Map<String, String> own(Map<String, String> given, Target target)
            throws DownloadException {
        var own = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var field : given.entrySet()) {
            if (!NAME.matcher(field.getKey()).matches()
                    || field.getValue().chars().anyMatch(c -> c < ' ' && c != '\t')) {
                throw new DownloadException(
                        ErrorClass.BLOCKED,
                        "A request header for " + target.shown() + " is not well formed");
            }
            if (!OURS.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                own.put(field.getKey(), field.getValue());
            }
        }
        return own;
    }
}
