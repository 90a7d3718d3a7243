package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.FeatureJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Features and bundles: what is installed, what depends on it, and changes of it. A plug-in runs
 * with all rights of the process, so all of this needs the administrator's token (S8).
 */
@Component
public final class FeatureRoutes implements Routes {
    private final Plugins plugins;

    /** Takes who makes changes. */
    @Activate
    public FeatureRoutes(@Reference Plugins plugins) {
        this.plugins = plugins;
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/features", this::features)
                .add("GET", "/features/{id}", this::feature)
                .add("GET", "/features/{id}/affected", call -> affected(feature(call, "id")))
                .add("POST", "/features/{id}/start", this::startFeature)
                .add("POST", "/features/{id}/update", this::updateFeature)
                .add("DELETE", "/features/{id}", this::removeFeature)
                .add("GET", "/bundles", this::bundles)
                .addUpload("POST", "/bundles", this::install)
                .add("GET", "/bundles/{name}", this::bundle)
                .add("GET", "/bundles/{name}/affected", call -> affected(bundleName(call)))
                .add("POST", "/bundles/{name}/start", this::start)
                .add("POST", "/bundles/{name}/stop", this::stop)
                .add("POST", "/bundles/{name}/update", this::update)
                .add("DELETE", "/bundles/{name}", this::remove);
    }

    private Reply features(Call call) throws ProblemException {
        call.query();
        var bundles = bundlesByName();
        var items =
                plugins.features().features().stream()
                        .map(feature -> FeatureJson.of(feature, bundles))
                        .toList();
        return Reply.json(200, new Fields().put("items", Fields.list(items)).object());
    }

    private Reply feature(Call call) throws ProblemException {
        var name = feature(call, "id");
        var feature =
                plugins.features().features().stream()
                        .filter(found -> found.name().equals(name))
                        .findFirst()
                        .orElseThrow(FeatureRoutes::noFeature);
        return Reply.json(200, FeatureJson.of(feature, bundlesByName()));
    }

    private Reply bundles(Call call) throws ProblemException {
        call.query();
        var items = plugins.features().bundles().stream().map(FeatureJson::of).toList();
        return Reply.json(200, new Fields().put("items", Fields.list(items)).object());
    }

    private Reply bundle(Call call) throws ProblemException {
        return Reply.json(200, FeatureJson.of(info(bundleName(call))));
    }

    /** H2: told before anything is done. */
    private Reply affected(String name) throws ProblemException {
        var touched = plugins.affected(name);
        return Reply.json(
                200, FeatureJson.affected(touched.bundles(), touched.hosts(), touched.downloads()));
    }

    /** H1: a jar or a feature file, as it is in the body. */
    private Reply install(Call call) throws ProblemException, IOException {
        call.query("name");
        var name = call.value("name").orElse("The file");
        var file = call.file();
        try {
            var installed = plugins.features().install(file.toUri());
            return Reply.json(201, new Fields().put("installed", Fields.texts(installed)).object());
        } catch (FeatureException e) {
            // Where it lay here says nothing to whoever sent it.
            var message = String.valueOf(e.getMessage()).replace(file.toString(), name);
            throw Failures.problem(new FeatureException(e.reason(), message, e));
        }
    }

    private Reply startFeature(Call call) throws ProblemException, IOException {
        call.body();
        var name = feature(call, "id");
        return plugins.change(name, features -> features.start(name), () -> feature(call));
    }

    private Reply updateFeature(Call call) throws ProblemException, IOException {
        call.body();
        var name = feature(call, "id");
        return plugins.change(name, features -> features.update(name), () -> feature(call));
    }

    private Reply removeFeature(Call call) throws ProblemException {
        var name = feature(call, "id");
        var isBuiltIn =
                plugins.features().features().stream()
                        .anyMatch(found -> found.builtIn() && found.name().equals(name));
        return remove(name, !isBuiltIn);
    }

    private Reply start(Call call) throws ProblemException, IOException {
        call.body();
        var name = bundleName(call);
        return plugins.change(name, features -> features.start(name), () -> bundle(call));
    }

    private Reply stop(Call call) throws ProblemException, IOException {
        call.body();
        var name = bundleName(call);
        return plugins.change(name, features -> features.stop(name), () -> bundle(call));
    }

    private Reply update(Call call) throws ProblemException, IOException {
        call.body();
        var name = bundleName(call);
        return plugins.change(name, features -> features.update(name), () -> bundle(call));
    }

    private Reply remove(Call call) throws ProblemException {
        var bundle = info(call.named("name"));
        return remove(bundle.symbolicName(), FeatureJson.isRemovable(bundle));
    }

    /** What cannot be removed is refused at once, whatever would go with it. */
    private Reply remove(String name, boolean isRemovable) throws ProblemException {
        Plugins.Change removal = features -> features.remove(name);
        Plugins.After nothing = () -> Reply.empty(204);
        return isRemovable
                ? plugins.change(name, removal, nothing)
                : plugins.changeNow(removal, nothing);
    }

    /** Features and bundles share the service's names; a path means one kind. */
    private String feature(Call call, String part) throws ProblemException {
        var name = call.named(part);
        if (plugins.features().features().stream().noneMatch(f -> f.name().equals(name))) {
            throw noFeature();
        }
        return name;
    }

    private String bundleName(Call call) throws ProblemException {
        return info(call.named("name")).symbolicName();
    }

    private BundleInfo info(String name) throws ProblemException {
        return plugins.features().bundles().stream()
                .filter(bundle -> bundle.symbolicName().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("There is no bundle of this name."));
    }

    private Map<String, BundleInfo> bundlesByName() throws ProblemException {
        return plugins.features().bundles().stream()
                .collect(
                        Collectors.toMap(
                                BundleInfo::symbolicName,
                                Function.identity(),
                                (one, other) -> one));
    }

    private static ProblemException noFeature() {
        return ProblemException.notFound("There is no feature of this name.");
    }
}
