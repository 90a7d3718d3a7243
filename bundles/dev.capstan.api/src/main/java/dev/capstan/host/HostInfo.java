package dev.capstan.host;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host that is present, or that was present and still has downloads waiting for it.
 *
 * @param id its id, for example {@code direct}
 * @param bundle symbolic name of its bundle
 * @param version version of its bundle
 * @param schemes link schemes it takes, lower case
 * @param domains host names it claims; empty for a host that takes any
 * @param present whether its service is there now
 * @param active downloads of it that run
 * @param breakerOpenUntil until when its breaker is open (Q14), or null
 * @param held why its downloads are held (AUTH), or null
 * @param account its account, or null where it has none
 * @param hanging calls of its plug-in that were told to stop and have not (S8), of versions before
 *     this one too; with two of one version no more are made
 */
public record HostInfo(
        String id,
        String bundle,
        String version,
        Set<String> schemes,
        List<String> domains,
        boolean present,
        int active,
        @Nullable Instant breakerOpenUntil,
        @Nullable String held,
        @Nullable Account account,
        int hanging) {

    /** Creates a snapshot; collections are copied. */
    public HostInfo {
        schemes = Set.copyOf(schemes);
        domains = List.copyOf(domains);
    }
}
