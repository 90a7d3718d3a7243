package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.host.Account;
import dev.capstan.host.AccountField;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.HostResolver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * The accounts behind the hosts: how they stand, and what operators do to them. A host's account is
 * the one that the host's own bundle registered; another bundle's is never told a secret. That
 * bundle posts what changes; here it would be told twice.
 *
 * <p>Safe for any thread; changes and checks block for the network.
 */
final class HostAccounts {
    private static final Duration RETURN = Duration.ofSeconds(5);

    private final Map<Object, Entry> services = new ConcurrentHashMap<>();

    /** Hears of a host whose held downloads may go on. */
    private final Consumer<String> works;

    private record Entry(String host, AccountService service) {}

    HostAccounts(Consumer<String> works) {
        this.works = works;
    }

    void add(ServiceReference<HostAccount> reference, BundleContext context) {
        var bundle = reference.getBundle();
        if (bundle != null && reference.getProperty(HostResolver.ID) instanceof String host) {
            add(
                    reference,
                    host,
                    new AccountService(
                            host,
                            String.valueOf(bundle.getSymbolicName()),
                            reference.getProperty(HostAccount.FIELDS),
                            () -> context.getService(reference),
                            () -> unget(reference, context)));
        }
    }

    synchronized void add(Object key, String host, AccountService service) {
        services.put(key, new Entry(host, service));
        notifyAll();
    }

    void remove(Object key) {
        var entry = services.remove(key);
        if (entry != null) {
            entry.service.close();
        }
    }

    /** How the account of a host stands; null where it has none. */
    @Nullable Account of(Host host) {
        return find(host).map(AccountService::account).orElse(null);
    }

    /** Calls of it that were told to stop and have not. */
    int hanging(Host host) {
        return find(host).map(AccountService::abandonedCalls).orElse(0);
    }

    List<AccountField> fields(Host host) {
        return find(host).map(AccountService::fields).orElse(List.of());
    }

    Account check(Host host) throws RefusedException, InterruptedException {
        return done(
                host,
                service -> {
                    var account = service.check();
                    switch (account.state()) {
                        case OK, PREVIEWS_ONLY, UNKNOWN -> works.accept(host.id());
                        default -> {
                            // Its downloads would be held again at once.
                        }
                    }
                    return account;
                });
    }

    Account set(Host host, Map<String, String> values)
            throws RefusedException, InterruptedException {
        return done(
                host,
                service -> {
                    service.set(values);
                    var changed = returned(host, service);
                    works.accept(host.id());
                    return changed.account();
                });
    }

    Account remove(Host host) throws RefusedException, InterruptedException {
        return done(
                host,
                service -> {
                    service.remove();
                    return returned(host, service).account();
                });
    }

    /**
     * The account as it is after a change. One that ended itself by it is back with its host in a
     * moment, and whoever asked for the change finds it there.
     */
    private AccountService returned(Host host, AccountService changed) throws InterruptedException {
        if (isHere(changed)) {
            return changed;
        }
        var end = System.nanoTime() + RETURN.toNanos();
        host.awaitService(end);
        synchronized (this) {
            var now = find(host);
            for (var left = left(end); now.isEmpty() && left > 0; left = left(end)) {
                wait(left);
                now = find(host);
            }
            return now.orElse(changed);
        }
    }

    private static long left(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
    }

    private boolean isHere(AccountService service) {
        return services.values().stream().anyMatch(entry -> entry.service == service);
    }

    private interface Deed {
        Account with(AccountService service)
                throws DownloadException, InterruptedException, Stopped;
    }

    private Account done(Host host, Deed deed) throws RefusedException, InterruptedException {
        var service =
                find(host)
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                Reason.NOT_FOUND,
                                                "Host " + host.id() + " has no account."));
        try {
            return deed.with(service);
        } catch (DownloadException e) {
            throw new RefusedException(
                    e.errorClass() == ErrorClass.ACCOUNT ? Reason.INVALID : Reason.UNAVAILABLE,
                    String.valueOf(e.getMessage()));
        } catch (Stopped e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE, "Host " + host.id() + " went meanwhile; ask again.");
        }
    }

    private Optional<AccountService> find(Host host) {
        var bundle = host.claims().bundle();
        return services.values().stream()
                .filter(entry -> entry.host.equals(host.id()))
                .map(Entry::service)
                .filter(service -> service.bundle().equals(bundle))
                .findFirst();
    }

    private static void unget(ServiceReference<HostAccount> reference, BundleContext context) {
        while (context.ungetService(reference)) {
            // As often as it was got.
        }
    }
}
