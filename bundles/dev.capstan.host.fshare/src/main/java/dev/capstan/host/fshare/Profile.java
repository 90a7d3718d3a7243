package dev.capstan.host.fshare;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service tells of an account.
 *
 * @param type what it calls its kind, or null
 * @param vipUntil when VIP ends, or null if it never does or is not told
 * @param trafficLeft bytes, −1 while unknown
 * @param details for showing only
 * @param asked when it was told
 */
record Profile(
        @Nullable String type,
        @Nullable Instant vipUntil,
        long trafficLeft,
        Map<String, String> details,
        Instant asked) {

    /** Copies the details. */
    Profile {
        details = Map.copyOf(details);
    }

    /** The service would not tell. */
    static Profile unknown(Instant now) {
        return new Profile(null, null, -1, Map.of(), now);
    }

    static Profile of(Fields user, Redaction redaction, Instant now) {
        var traffic = user.number("traffic");
        var used = user.number("traffic_used");
        var details = new LinkedHashMap<String, String>();
        for (var name : new String[] {"traffic", "traffic_used", "webspace"}) {
            var number = user.number(name);
            if (number != null) {
                details.put(name, number.toString());
            }
        }
        var type = user.text("account_type");
        return new Profile(
                type == null ? null : redaction.clean(type),
                end(user.number("expire_vip")),
                traffic == null || used == null ? -1 : Math.max(0, traffic - used),
                details,
                now);
    }

    private static @Nullable Instant end(@Nullable Long epochSeconds) {
        try {
            return epochSeconds == null ? null : Instant.ofEpochSecond(epochSeconds);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** F19: whether files may be had; what is not told does not forbid it. */
    boolean isVip(Instant now) {
        var isOfVip = type == null || type.toLowerCase(Locale.ROOT).contains("vip");
        return isOfVip && (vipUntil == null || vipUntil.isAfter(now));
    }
}
