package dev.capstan.host;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be shown of an account; never a secret.
 *
 * @param state how it stands
 * @param name its masked name, {@code a***@example.org}, or null
 * @param type what the service calls its kind, or null
 * @param validUntil when it ends, or null if it does not or is not known
 * @param trafficLeft bytes that may still be fetched, −1 while unknown
 * @param note what to do, in words, or null
 * @param details more that the host tells, for showing only
 */
public record Account(
        State state,
        @Nullable String name,
        @Nullable String type,
        @Nullable Instant validUntil,
        long trafficLeft,
        @Nullable String note,
        Map<String, String> details) {

    /** How an account stands. */
    public enum State {
        /** Nothing was configured. */
        NOT_CONFIGURED,
        /** Nothing was configured, and what needs no account works. */
        PREVIEWS_ONLY,
        /** Configured and not tried. */
        UNKNOWN,
        /** Works. */
        OK,
        /** Credentials are wrong or have ended. */
        INVALID,
        /** The service locked it. */
        LOCKED,
        /** The service refused the application's own credentials. */
        APP_REFUSED,
        /** A limit of the service is reached; works again later. */
        LIMIT
    }

    /** Creates a snapshot; details are copied. */
    public Account {
        details = Map.copyOf(details);
    }
}
