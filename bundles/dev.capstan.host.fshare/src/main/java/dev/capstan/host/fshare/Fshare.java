package dev.capstan.host.fshare;

import dev.capstan.event.Topics;
import dev.capstan.host.Account;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.Time;
import dev.capstan.name.DataFolder;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.secret.spi.Secrets;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Offers the host and its account under one configuration; another configuration makes another
 * component, which is what drops the session and frees held downloads.
 *
 * <p>The services are registered by hand: as a component's they would carry its configuration, and
 * so its secrets, for everybody to read; and the names a host claims come from that configuration.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = Fshare.PID)
@Designate(ocd = FshareConfig.class)
public final class Fshare {
    static final String PID = "dev.capstan.host.fshare";

    private final EventAdmin events;
    private final Settings settings;
    private final FshareAccount account;
    private final CountDownLatch takenBack = new CountDownLatch(1);
    private List<ServiceRegistration<?>> registrations = List.of();

    /** For checks and log-outs, which belong to no download; comes and goes with its engine. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable OutboundHttp outbound;

    /**
     * Makes the host; nobody sees it yet.
     *
     * @param context of this bundle
     * @param config the configuration
     * @param secrets resolves references
     * @param configurations keeps an account that is set
     * @param events hears how the account stands
     */
    @Activate
    public Fshare(
            BundleContext context,
            FshareConfig config,
            @Reference Secrets secrets,
            @Reference ConfigurationAdmin configurations,
            @Reference EventAdmin events) {
        this.events = events;
        settings = Settings.of(config);
        var etc = DataFolder.of(context).etc();
        account =
                new FshareAccount(
                        settings,
                        secrets,
                        () -> outbound,
                        new StoredAccount(settings, secrets, configurations, etc, takenBack),
                        this::announce,
                        Time.SYSTEM);
    }

    /** Offers the host, when everything it refers to is there. */
    @Activate
    void offer(BundleContext context) {
        var properties = new Hashtable<String, Object>();
        properties.put(HostResolver.ID, FshareLink.ID);
        properties.put(HostResolver.DOMAINS, settings.hosts().toArray(String[]::new));
        var asked = new Hashtable<String, Object>(properties);
        asked.put(HostAccount.FIELDS, new String[] {"email", "password*", "appKey*", "userAgent"});
        registrations =
                List.of(
                        context.registerService(HostAccount.class, account, asked),
                        context.registerService(
                                HostResolver.class, new FshareHost(settings, account), properties));
        announce(account.account());
    }

    /**
     * Takes the host back. Whoever stops or updates the bundle wants its downloads to go on, so
     * only a change of the configuration ends the session at the service (F20).
     */
    @Deactivate
    void deactivate(int reason) {
        registrations.forEach(ServiceRegistration::unregister);
        takenBack.countDown();
        account.close();
        if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_MODIFIED
                || reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED) {
            try {
                account.logOut();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void announce(Account now) {
        events.postEvent(
                new Event(
                        Topics.HOST_ACCOUNT,
                        Map.of(Topics.HOST, FshareLink.ID, Topics.ACCOUNT, now)));
    }
}
