package dev.capstan.host;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * The hosts that are present. Safe for any number of threads; never blocks on a network.
 *
 * <p>Which host takes a link is decided by service properties and the host's own {@code recognise},
 * never by asking the network.
 *
 * <p>Accounts: secrets go in and never come out (S7). Promises fail with a {@link
 * dev.capstan.download.RefusedException}: NOT_FOUND where the host has no account, INVALID where
 * values are refused, UNAVAILABLE where the host could not do it now. What is asked of one account
 * is done one after another.
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

    /**
     * What an account is made of, in the order to ask for it.
     *
     * @param id the host
     * @return empty where the host has no account that can be set
     */
    List<AccountField> accountFields(String id);

    /**
     * Asks the service how the account stands. Where it works, held downloads of the host go on.
     *
     * @param id the host
     * @return how it stands
     */
    Promise<Account> checkAccount(String id);

    /**
     * Gives the account other values; those not named stay as they are. It is not tried: held
     * downloads of the host go on, and try it. A host that starts anew for it is back when the
     * promise is kept, unless that takes it more than 5 s.
     *
     * @param id the host
     * @param values by the names of {@link #accountFields}
     * @return kept when the values are, with how the account stands before it is tried
     */
    Promise<Account> setAccount(String id, Map<String, String> values);

    /**
     * Logs out and forgets the account's values. A host that starts anew for it is back, as after
     * {@link #setAccount}.
     *
     * @param id the host
     * @return kept when they are gone, with what is known of the account now
     */
    Promise<Account> removeAccount(String id);
}
