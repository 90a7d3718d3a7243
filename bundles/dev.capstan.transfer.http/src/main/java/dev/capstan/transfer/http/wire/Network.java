package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What all connections of the bundle share. Closing it closes every connection that rests. */
public final class Network implements AutoCloseable {
    private final Supplier<Settings> settings;
    private final Pool pool = new Pool();
    private final Netrc netrc = new Netrc();
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
        dialer = new Dialer(settings, guard, watchdog, executor, new Tls(tls));
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

    /**
     * What the netrc file has for a host.
     *
     * @param user whose password it must be, or null for anybody's
     * @param others whether the entry for all other hosts counts
     */
    @Nullable Login login(String host, @Nullable String user, boolean others) {
        var file = settings().netrc();
        return file == null ? null : netrc.find(file, host, user, others);
    }

    /**
     * The way to a target as the configuration has it now.
     *
     * @throws DownloadException with BLOCKED if there should be a proxy and is none
     */
    Route route(Target target) throws DownloadException {
        var now = settings();
        var proxy = now.proxies().to(target);
        if (proxy != null && proxy.login() == null) {
            proxy = proxy.with(login(proxy.host(), null, false));
        }
        return new Route(target, proxy, now.certificates().get(target.host()));
    }

    /** Closes the connections that rest for an origin. */
    public void drop(Target target) {
        pool.drop(target.origin());
    }

    /** Closes the connections to an origin that were made ahead and not used. */
    public void dropUnused(Target target) {
        pool.dropUnused(target.origin());
    }

    /** How many connections to a host more there may be. */
    public synchronized int room(String host) {
        return settings().connectionsPerHost() - busy.getOrDefault(host, 0);
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
