package dev.capstan.transfer.http.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** What all connections of the bundle share. Closing it closes every connection that rests. */
public final class Network implements AutoCloseable {
    private final Supplier<Settings> settings;
    private final Pool pool = new Pool();
    private final Watchdog watchdog;
    private final Dialer dialer;
    private final Map<String, Integer> busy = new HashMap<>();

    /**
     * A network.
     *
     * @param settings the configuration as it is now
     * @param executor runs look-ups of names
     * @param tls asked for when the first https link comes
     */
    public Network(
            Supplier<Settings> settings, Guard guard, Executor executor, Supplier<SSLContext> tls) {
        this.settings = settings;
        watchdog = new Watchdog(settings, pool::sweep);
        dialer = new Dialer(settings, guard, watchdog, executor, tls);
    }

    /** The configuration as it is now. */
    public Settings settings() {
        return settings.get();
    }

    /**
     * Counts one more connection for a host.
     *
     * @param even whether it is to be counted even if there are too many
     * @return whether it may be made
     */
    public synchronized boolean enter(String host, boolean even) {
        var count = busy.getOrDefault(host, 0);
        if (!even && count >= settings().connectionsPerHost()) {
            return false;
        }
        busy.put(host, count + 1);
        return true;
    }

    /** Counts one connection less. */
    public synchronized void leave(String host) {
        busy.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
    }

    /** Closes the connections that rest for an origin. */
    public void drop(Target target) {
        pool.drop(target.origin());
    }

    Pool pool() {
        return pool;
    }

    Dialer dialer() {
        return dialer;
    }

    @Override
    public void close() {
        watchdog.close();
        pool.close();
    }
}
