package dev.capstan.transfer.http.wire;

import java.util.LinkedHashMap;
import java.util.Map;
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
 */
public record Request(
        String method,
        Target target,
        Map<String, String> own,
        Map<String, String> common,
        byte @Nullable [] content,
        boolean mayBePrivate) {

    /** The same request with other common fields. */
    public Request with(Map<String, String> fields) {
        return new Request(method, target, own, fields, content, mayBePrivate);
    }

    /**
     * The request a redirect makes of it (policy 8): what belongs to an origin is lost for good when
     * the origin changes, and so is the right to reach private addresses once the way has led
     * through a public one.
     */
    Request redirected(Target to, boolean toGet, boolean cameFromPrivate) {
        var stays = target.sameOrigin(to);
        return new Request(
                toGet ? "GET" : method,
                to,
                stays ? own : Map.of(),
                common,
                toGet ? null : content,
                mayBePrivate && cameFromPrivate);
    }

    /** All fields as they are sent. */
    Map<String, String> fields(@Nullable String cookies) {
        var all = new LinkedHashMap<String, String>();
        all.put("Host", target.hostField());
        all.putAll(own);
        common.forEach(
                (name, value) -> {
                    all.keySet().removeIf(name::equalsIgnoreCase);
                    all.put(name, value);
                });
        if (cookies != null) {
            all.merge("Cookie", cookies, (given, kept) -> given + "; " + kept);
        }
        return all;
    }
}
