package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import dev.capstan.feature.provider.Change.Put;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * What somebody asks for. It is done in the framework first, whole or not at all, then made to
 * stay; the reconciler afterwards finds nothing left to do but to remove what went.
 *
 * <p>Entered by the one thread that makes changes.
 */
final class Operations {
    private final Parts parts;
    private final BuiltIn builtIn;

    Operations(Parts parts, BuiltIn builtIn) {
        this.parts = parts;
        this.builtIn = builtIn;
    }

    List<String> install(Source source) throws FeatureException, IOException {
        return source.isFeature() ? installFeature(source) : installBundle(source);
    }

    /**
     * Where the installed bundle or feature of that name comes from, which an update reads again.
     */
    Optional<URI> installedFrom(String name) {
        var bundle = parts.framework().find(name);
        var symbolicName = bundle.map(Bundle::getSymbolicName).orElse(name);
        var feature = bundle.map(found -> parts.origins().get(found.getBundleId())).orElse(name);
        return Stream.of(symbolicName, feature)
                .flatMap(installed -> parts.installations().find(installed).stream())
                .map(Installations.Installation::location)
                .findFirst();
    }

    void remove(String name) throws FeatureException, IOException {
        if (parts.installations().find(name).isPresent()) {
            parts.installations().remove(name);
            parts.configurations().remove(name);
        } else if (!parts.dropIns().filesOf(name).isEmpty()) {
            parts.dropIns().remove(name);
        } else if (builtIn.has(name)) {
            throw new FeatureException(Reason.PROTECTED, name + " came with the host", null);
        } else {
            var bundle = bundle(name);
            var origin = parts.origins().get(bundle.getBundleId());
            throw new FeatureException(
                    Reason.PROTECTED,
                    bundle.getSymbolicName()
                            + (origin == null
                                    ? " came with the host"
                                    : " came with " + origin + "; remove that"),
                    null);
        }
    }

    /** May be called by any thread, since it changes nothing. */
    List<String> affected(String name) throws FeatureException {
        var installation = parts.installations().find(name);
        if (installation.isPresent()) {
            var jars = installation.get().jars().stream();
            return parts.framework()
                    .dependentsOf(
                            jars.flatMap(jar -> parts.framework().find(jar.symbolicName()).stream())
                                    .toList());
        }
        if (builtIn.has(name)) {
            var bundles = builtIn.read(name).getBundles().stream();
            return parts.framework()
                    .dependentsOf(
                            bundles.map(
                                            bundle ->
                                                    Copies.locationOf(
                                                            parts.files().inLibrary(bundle)))
                                    .flatMap(location -> parts.framework().at(location).stream())
                                    .toList());
        }
        return parts.framework().dependentsOf(List.of(bundle(name)));
    }

    void start(String name) throws FeatureException, IOException {
        var installation = parts.installations().find(name);
        if (installation.isPresent() && installation.get().feature() != null) {
            for (var jar : installation.get().jars()) {
                start(bundle(jar.symbolicName()));
            }
        } else if (builtIn.has(name)) {
            startBuiltIn(name);
        } else {
            start(bundle(name));
        }
    }

    void stop(String name) throws FeatureException {
        var bundle = bundle(name);
        parts.mayStop(bundle);
        parts.framework().stop(bundle, 0);
    }

    /** Reads what was not installed, but came with the host or lies in the drop-in folder. */
    void update(String name) throws FeatureException, IOException {
        if (builtIn.has(name)) {
            throw new FeatureException(
                    Reason.PROTECTED, name + " came with the host and is updated with it", null);
        }
        updateFromFile(bundle(name));
    }

    private void updateFromFile(Bundle bundle) throws FeatureException, IOException {
        var own = Copies.fileOf(bundle);
        var dropIns = parts.dropIns().jars().stream();
        var file =
                dropIns.filter(jar -> jar.symbolicName().equals(bundle.getSymbolicName()))
                        .findFirst()
                        .map(Jar::path)
                        .orElse(own);
        if (file == null) {
            throw new FeatureException(
                    Reason.PROTECTED,
                    bundle.getSymbolicName() + " was not installed from a file",
                    null);
        }
        var jar = take(file);
        parts.mayReplace(bundle, jar);
        parts.change().make(List.of(new Put(jar, bundle.getLocation(), bundle, false)));
        if (file.equals(own)) {
            parts.copies().isAsInstalled(bundle);
        }
    }

    private List<String> installBundle(Source source) throws FeatureException, IOException {
        var jar = take(source.file());
        var name = jar.symbolicName();
        if (!parts.dropIns().filesOf(name).isEmpty()) {
            throw new FeatureException(
                    Reason.PROTECTED,
                    "%s lies in the drop-in folder: replace it there, in %s"
                            .formatted(name, parts.dropIns().folder()),
                    null);
        }
        var wanted = Wanted.single(jar, Wanted.INSTALLED);
        var bundle = wanted.bundle(parts.framework());
        if (bundle != null) {
            parts.mayReplace(bundle, jar);
        }
        parts.quarantine().release(jar.digest());
        make(name, source.location(), null, List.of(jar), List.of(wanted.put(bundle)));
        return List.of(name);
    }

    private List<String> installFeature(Source source) throws FeatureException, IOException {
        var file = source.file();
        var feature = parts.files().read(file);
        var name = feature.getID().getArtifactId();
        if (builtIn.has(name)) {
            throw new FeatureException(Reason.PROTECTED, name + " came with the host", null);
        }
        var jars = new ArrayList<Jar>();
        for (var bundle : feature.getBundles()) {
            jars.add(take(source.find(bundle, parts.files())));
        }
        var puts = puts(name, jars);
        var old = parts.installations().find(name).map(Installations.Installation::feature);
        try {
            parts.configurations().apply(name, feature.getConfigurations());
            make(name, source.location(), file, jars, puts);
        } catch (FeatureException | IOException e) {
            if (old.isPresent()) {
                var configurations = parts.files().read(old.get()).getConfigurations();
                parts.configurations().apply(name, configurations);
            } else {
                parts.configurations().remove(name);
            }
            throw e;
        }
        return jars.stream().map(Jar::symbolicName).toList();
    }

    /** Those of a feature's bundles that are not there, or are there from its old version. */
    private List<Put> puts(String feature, List<Jar> jars) throws FeatureException, IOException {
        var singles = Wanted.singles(parts);
        var puts = new ArrayList<Put>();
        for (var jar : jars) {
            var wanted = Wanted.ofFeature(jar, feature, true);
            var bundle = wanted.bundle(parts.framework());
            var standsAlone = singles.containsKey(jar.symbolicName());
            if (!standsAlone && (bundle == null || wanted.differs(bundle, parts.copies()))) {
                if (bundle != null) {
                    parts.mayReplace(bundle, jar);
                }
                parts.quarantine().release(jar.digest());
                puts.add(wanted.put(bundle));
            }
        }
        return puts;
    }

    private void make(
            String name, URI location, @Nullable Path feature, List<Jar> jars, List<Put> puts)
            throws FeatureException, IOException {
        var installation = parts.installations().prepare(name, location, feature, jars);
        try {
            parts.change().make(puts);
            parts.installations().commit(installation);
        } catch (FeatureException | IOException e) {
            parts.installations().deleteRemains();
            throw e;
        }
    }

    private void start(Bundle bundle) throws FeatureException, IOException {
        var jar = parts.copies().current(bundle);
        if (jar != null) {
            parts.quarantine().release(jar.digest());
        }
        parts.framework().start(bundle);
        parts.noProblem(bundle);
    }

    private void startBuiltIn(String name) throws FeatureException, IOException {
        var feature = builtIn.read(name);
        var puts = new ArrayList<Put>();
        var here = new ArrayList<Bundle>();
        for (var part : feature.getBundles()) {
            var file = parts.files().inLibrary(part);
            var location = Copies.locationOf(file);
            var bundle = parts.framework().at(location);
            bundle.ifPresent(here::add);
            if (bundle.isEmpty()) {
                puts.add(new Put(take(file), location, null, true));
            }
        }
        try {
            parts.configurations().apply(name, feature.getConfigurations());
            parts.change().make(puts);
        } catch (FeatureException e) {
            parts.configurations().remove(name);
            throw e;
        }
        for (var bundle : here) {
            start(bundle);
        }
    }

    private Jar take(Path file) throws FeatureException, IOException {
        try {
            return parts.copies().take(file);
        } catch (ZipException e) {
            throw new FeatureException(
                    Reason.INVALID, file + " is neither a bundle nor a feature file", e);
        }
    }

    private Bundle bundle(String name) throws FeatureException {
        return parts.framework()
                .find(name)
                .orElseThrow(
                        () ->
                                new FeatureException(
                                        Reason.NOT_FOUND,
                                        "There is no bundle and no feature " + name,
                                        null));
    }
}
