package dev.capstan.admin.rest.settings;

import dev.capstan.host.Hosts;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.MetaTypeService;

/**
 * The configuration of the host's parts: as they describe it, as it is, and as it is kept for the
 * next start. Safe for any number of threads.
 */
@Component(service = HostSettings.class)
public final class HostSettings {
    private final Descriptions descriptions;
    private final ConfigurationAdmin configurations;
    private final SettingsFile file;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Hosts hosts;

    /** Takes who describes settings and who has them. */
    @Activate
    public HostSettings(
            BundleContext context,
            @Reference MetaTypeService metatype,
            @Reference ConfigurationAdmin configurations) {
        this.descriptions = new Descriptions(context, metatype);
        this.configurations = configurations;
        this.file = new SettingsFile(DataFolder.of(context).etc());
    }

    /** All that can be configured. */
    public List<Described> all() {
        return descriptions.all();
    }

    /** What a configuration can hold. */
    public Optional<Described> find(String pid) {
        return all().stream().filter(found -> found.pid().equals(pid)).findFirst();
    }

    /** What a part was told; its defaults are not among it. */
    public Map<String, Object> values(String pid) throws IOException {
        Dictionary<String, Object> found =
                configurations.getConfiguration(pid, "?").getProperties();
        var values = new LinkedHashMap<String, Object>();
        if (found != null) {
            for (var keys = found.keys(); keys.hasMoreElements(); ) {
                var key = keys.nextElement();
                values.put(key, found.get(key));
            }
            values.remove("service.pid");
        }
        return values;
    }

    /**
     * Tells a part something, now and at each start; what is not named stays as it is.
     *
     * @return all it was told
     */
    public Map<String, Object> change(String pid, Map<String, Object> changed) throws IOException {
        var all = new Hashtable<>(values(pid));
        all.putAll(changed);
        keep(pid, changed);
        configurations.getConfiguration(pid, "?").update(all);
        return all;
    }

    /** Tells it again at each start. */
    void keep(String pid, Map<String, Object> changed) throws IOException {
        file.keep(pid, changed);
    }

    /** Forgets what was kept of a part. */
    void forget(String pid) throws IOException {
        file.forget(pid);
    }

    /**
     * The host whose account a setting is of: an account has one place where it is set, which its
     * host keeps by itself.
     */
    public Optional<String> accountOf(String pid, String name) {
        var present = hosts;
        return present == null
                ? Optional.empty()
                : present.list().stream()
                        .filter(host -> host.bundle().equals(pid))
                        .filter(
                                host ->
                                        present.accountFields(host.id()).stream()
                                                .anyMatch(field -> field.name().equals(name)))
                        .map(host -> host.id())
                        .findFirst();
    }
}
