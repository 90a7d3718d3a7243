package dev.capstan.tck;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Sees whom a piece of code would connect to: the JDK asks one selector of proxies before each
 * connection of a socket, a URL or its HTTP client. Channels are not seen, nor are look-ups of
 * names.
 *
 * <p>For the whole JVM, so tests that use it do not run beside others that connect; only
 * connections of the calling thread are noted.
 */
public final class Sockets {
    private Sockets() {}

    /**
     * Runs something.
     *
     * @param code what to run, on this thread
     * @return the addresses it would have connected to
     * @throws Exception what the code threw
     */
    public static List<URI> openedBy(Callable<?> code) throws Exception {
        var seen = new CopyOnWriteArrayList<URI>();
        var before = ProxySelector.getDefault();
        ProxySelector.setDefault(new Noting(before, Thread.currentThread(), seen));
        try {
            code.call();
        } finally {
            ProxySelector.setDefault(before);
        }
        return seen;
    }

    private static final class Noting extends ProxySelector {
        private final @Nullable ProxySelector next;
        private final Thread of;
        private final List<URI> seen;

        Noting(@Nullable ProxySelector next, Thread of, List<URI> seen) {
            this.next = next;
            this.of = of;
            this.seen = seen;
        }

        @Override
        public List<Proxy> select(URI uri) {
            if (Thread.currentThread() == of) {
                seen.add(uri);
            }
            return next == null ? List.of(Proxy.NO_PROXY) : next.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException error) {
            if (next != null) {
                next.connectFailed(uri, address, error);
            }
        }
    }
}
