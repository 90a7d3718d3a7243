package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.host.Hosts;
import dev.capstan.name.DataFolder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * The configuration of the host's parts, as they describe it themselves. What is changed holds at
 * once, and over restarts; a secret is told only by whether there is one (S7).
 */
@Component
public final class SettingsRoutes implements Routes {
    private final SettingDescriptions descriptions;
    private final ConfigurationAdmin configurations;
    private final SettingsFile file;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Hosts hosts;

    /** Takes who describes settings and who keeps them. */
    @Activate
    public SettingsRoutes(
            BundleContext context,
            @Reference MetaTypeService metatype,
            @Reference ConfigurationAdmin configurations) {
        this.descriptions = new SettingDescriptions(context, metatype);
        this.configurations = configurations;
        this.file = new SettingsFile(DataFolder.of(context).etc());
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/settings", this::list)
                .add("GET", "/settings/{pid}", this::get)
                .add("PUT", "/settings/{pid}", this::set);
    }

    private Reply list(Call call) throws ProblemException, IOException {
        call.query();
        var items = new ArrayList<JsonObject>();
        for (var described : descriptions.all()) {
            items.add(described.json(values(described.pid())));
        }
        return Reply.json(200, new Fields().put("items", Fields.list(items)).object());
    }

    private Reply get(Call call) throws ProblemException, IOException {
        var described = described(call);
        return Reply.json(200, described.json(values(described.pid())));
    }

    /** What is not named stays as it is. */
    private Reply set(Call call) throws ProblemException, IOException {
        var described = described(call);
        var body = call.body(described.names());
        checkAccount(described.pid(), body);
        var changed = changed(described.settings(), body);
        var all = new Hashtable<>(values(described.pid()));
        all.putAll(changed);
        file.keep(described.pid(), changed);
        configurations.getConfiguration(described.pid(), "?").update(all);
        return Reply.json(200, described.json(all));
    }

    /** An account has one place where it is set, which its host keeps by itself. */
    private void checkAccount(String pid, Body body) throws ProblemException {
        var present = hosts;
        if (present == null) {
            return;
        }
        for (var host : present.list()) {
            for (var field : present.accountFields(host.id())) {
                if (host.bundle().equals(pid) && body.has(field.name())) {
                    throw ProblemException.malformed(
                            "\"%s\" is of the account; PUT /hosts/%s/account sets it."
                                    .formatted(field.name(), host.id()));
                }
            }
        }
    }

    private static Map<String, Object> changed(List<Setting> settings, Body body)
            throws ProblemException {
        var changed = new LinkedHashMap<String, Object>();
        for (var setting : settings) {
            if (body.has(setting.name())) {
                changed.put(setting.name(), setting.read(body));
            }
        }
        return changed;
    }

    private Described described(Call call) throws ProblemException {
        var pid = call.named("pid");
        return descriptions.all().stream()
                .filter(found -> found.pid().equals(pid))
                .findFirst()
                .orElseThrow(
                        () ->
                                ProblemException.notFound(
                                        "Nothing here is configured by this name."));
    }

    private Map<String, Object> values(String pid) throws IOException {
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
}
