package dev.capstan.host.spi;

import dev.capstan.download.DownloadException;
import dev.capstan.host.Account;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The account behind a host: registered by the host's bundle as a service with {@link
 * HostResolver#ID}, and with {@link #FIELDS} where it can be set. Secrets go in and never come out.
 *
 * <p>Whoever registers it posts {@link dev.capstan.event.Topics#HOST_ACCOUNT}, with the new
 * snapshot, each time that what {@link #account} tells has changed, also by a check.
 */
@ConsumerType
public interface HostAccount {
    /**
     * Service property, {@code String[]}: the names of the values an operator gives, in the order
     * to ask for them. Those that must not be seen as they are typed end in {@code *}, which is no
     * part of the name.
     */
    String FIELDS = "capstan.account.fields";

    /**
     * How the account stands, from memory.
     *
     * @return a snapshot without secrets
     */
    Account account();

    /**
     * Stores new values and forgets the session. Where they end this very service, because another
     * takes its place, it returns when this one was taken back: whoever asked then waits for the
     * other.
     *
     * @param values by the names of the host's own configuration properties
     * @throws DownloadException with ACCOUNT if a value is missing or malformed
     * @throws InterruptedException if the thread was interrupted
     */
    void set(Map<String, String> values) throws DownloadException, InterruptedException;

    /**
     * Asks the service how the account stands; blocks for one call or two.
     *
     * @return a snapshot
     * @throws DownloadException if the service could not be asked
     * @throws InterruptedException if the thread was interrupted
     */
    Account check() throws DownloadException, InterruptedException;

    /**
     * Logs out, best effort within 2 s, and removes the stored values. Where that ends this very
     * service, it returns as {@link #set} does.
     *
     * @throws DownloadException if the values could not be removed
     * @throws InterruptedException if the thread was interrupted
     */
    void remove() throws DownloadException, InterruptedException;
}
