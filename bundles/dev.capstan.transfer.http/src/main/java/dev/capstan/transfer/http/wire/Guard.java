package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The address guard (S1): turns a host into the addresses a connection may go to, or refuses.
 * Connections go to what was checked here and are never resolved again.
 */
public final class Guard {

    /** Resolves names; the system's own outside tests. */
    @FunctionalInterface
    public interface Resolver {
        /** All addresses of a name. */
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    /**
     * Addresses that passed.
     *
     * @param addresses at least one
     * @param anyPrivate whether one of them is not public
     */
    public record Checked(List<InetAddress> addresses, boolean anyPrivate) {}

    private final Supplier<Settings> settings;
    private final Resolver resolver;
    private final Predicate<InetAddress> isPrivate;

    /** A guard of the system's names. */
    public Guard(Supplier<Settings> settings) {
        this(settings, InetAddress::getAllByName, Addresses::isPrivate);
    }

    /** A guard of a test's own world. */
    public Guard(Supplier<Settings> settings, Resolver resolver, Predicate<InetAddress> isPrivate) {
        this.settings = settings;
        this.resolver = resolver;
        this.isPrivate = isPrivate;
    }

    /**
     * Resolves and checks; may block in the system's resolver.
     *
     * @param host as {@link Target#host} has it
     * @param mayBePrivate whether whoever gave the link may reach private addresses
     * @throws DownloadException with BLOCKED
     * @throws UnknownHostException if there is no such name
     */
    Checked check(String host, boolean mayBePrivate)
            throws DownloadException, UnknownHostException {
        var addresses = List.of(resolve(host));
        var anyPrivate = addresses.stream().anyMatch(isPrivate);
        if (anyPrivate && !mayBePrivate && !isOpen(host, addresses)) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    host
                            + " is a private address, which this link may not reach; allow the host"
                            + " or private networks in the configuration if that is wanted");
        }
        return new Checked(addresses, anyPrivate);
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        if (host.indexOf(':') >= 0) {
            return new InetAddress[] {InetAddress.getByName("[" + host + "]")};
        }
        var literal = Addresses.parse4(host);
        return literal != null ? new InetAddress[] {literal} : resolver.resolve(host);
    }

    private boolean isOpen(String host, List<InetAddress> addresses) {
        var now = settings.get();
        return now.privateNetworks()
                || now.privateHosts().contains(host)
                || addresses.stream()
                        .allMatch(
                                address ->
                                        !isPrivate.test(address)
                                                || now.privateHosts()
                                                        .contains(address.getHostAddress()));
    }
}
