package dev.capstan.host;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The hosts that are present. Safe for any number of threads; never blocks on a network.
 *
 * <p>Which host takes a link is decided by service properties and the host's own {@code recognise},
 * never by asking the network.
 */
@ProviderType
public interface Hosts {

    /**
     * All hosts, by id.
     *
     * @return snapshots
     */
    List<HostInfo> list();

    /**
     * Lets a host's held downloads go on and closes its breaker, after the operator mended what was
     * wrong.
     *
     * @param id the host
     * @return whether there is such a host
     */
    boolean release(String id);
}
