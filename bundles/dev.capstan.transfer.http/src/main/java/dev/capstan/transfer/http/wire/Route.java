package dev.capstan.transfer.http.wire;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A target and the way to it.
 *
 * @param proxy what it leads through, or null
 * @param certificates SHA-256 of the only ones the target is trusted by, or null for the usual
 *     trust
 */
record Route(Target target, @Nullable Proxy proxy, @Nullable Set<String> certificates) {

    /** What messages may show: the host, and the proxy before it. */
    String shown() {
        return proxy == null
                ? target.shown()
                : target.shown() + " (through the proxy " + proxy.shown() + ")";
    }
}
