package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.admin.rest.settings.Described;
import dev.capstan.admin.rest.settings.HostSettings;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The configuration of the host's parts, as they describe it themselves. What is changed holds at
 * once, and over restarts; a secret is told only by whether there is one (S7).
 */
@Component
public final class SettingsRoutes implements Routes {
    private final HostSettings settings;

    /** Takes who has the settings. */
    @Activate
    public SettingsRoutes(@Reference HostSettings settings) {
        this.settings = settings;
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
        for (var described : settings.all()) {
            items.add(described.json(settings.values(described.pid())));
        }
        return Reply.json(200, new Fields().put("items", Fields.list(items)).object());
    }

    private Reply get(Call call) throws ProblemException, IOException {
        var described = described(call);
        return Reply.json(200, described.json(settings.values(described.pid())));
    }

    /** What is not named stays as it is. */
    private Reply set(Call call) throws ProblemException, IOException {
        var described = described(call);
        var pid = described.pid();
        var body = call.body(described.names());
        var changed = new LinkedHashMap<String, Object>();
        for (var setting : described.settings()) {
            var name = setting.name();
            if (body.has(name)) {
                var account = settings.accountOf(pid, name);
                if (account.isPresent()) {
                    throw ProblemException.malformed(
                            "\"%s\" is of the account; PUT /hosts/%s/account sets it."
                                    .formatted(name, account.get()));
                }
                changed.put(name, setting.read(body));
            }
        }
        return Reply.json(200, described.json(settings.change(pid, changed)));
    }

    private Described described(Call call) throws ProblemException {
        return settings.find(call.named("pid"))
                .orElseThrow(
                        () ->
                                ProblemException.notFound(
                                        "Nothing here is configured by this name."));
    }
}
