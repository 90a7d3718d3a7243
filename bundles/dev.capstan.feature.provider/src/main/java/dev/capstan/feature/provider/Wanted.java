package dev.capstan.feature.provider;

import dev.capstan.feature.provider.Change.Put;
import dev.capstan.feature.provider.Installations.Installation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * A jar that is to be in the framework.
 *
 * <p>A single bundle stands for its symbolic name: it takes the place of whatever has that name. A
 * feature's stands for its name and version: it goes beside others of the name, and is content with
 * an equal one.
 *
 * @param jar the bytes
 * @param location its own place in the framework
 * @param origin why it is wanted
 * @param single whether it is a bundle by itself
 * @param ready whether it may be installed already
 */
record Wanted(Jar jar, String location, String origin, boolean single, boolean ready) {
    static final String DROP_IN = "drop-in";
    static final String INSTALLED = "installed";

    private static final String OURS = "capstan:";
    private static final String SINGLE = OURS + "bundle/";
    private static final String FEATURE = OURS + "feature/";

    static Wanted single(Jar jar, String origin) {
        return new Wanted(jar, SINGLE + jar.symbolicName(), origin, true, true);
    }

    static Wanted ofFeature(Jar jar, String feature, boolean ready) {
        var location = FEATURE + feature + "/" + jar.symbolicName();
        return new Wanted(jar, location, feature, false, ready);
    }

    /** Whether a bundle was installed from here. */
    static boolean isOurs(Bundle bundle) {
        return bundle.getLocation().startsWith(SINGLE) || bundle.getLocation().startsWith(FEATURE);
    }

    /** Everything that is wanted by what lies on disk. */
    static List<Wanted> all(Parts parts) {
        var singles = singles(parts);
        var wanted = new ArrayList<>(singles.values());
        for (var installation : parts.installations().all()) {
            if (installation.feature() != null) {
                addFeature(wanted, singles, installation, parts);
            }
        }
        return wanted;
    }

    /** The single bundles, by symbolic name. */
    static Map<String, Wanted> singles(Parts parts) {
        var singles = new LinkedHashMap<String, Wanted>();
        for (var installation : parts.installations().all()) {
            if (installation.feature() == null) {
                installation.jars().forEach(jar -> addNewest(singles, single(jar, INSTALLED)));
            }
        }
        parts.dropIns().jars().forEach(jar -> addNewest(singles, single(jar, DROP_IN)));
        return singles;
    }

    private static void addNewest(Map<String, Wanted> singles, Wanted wanted) {
        singles.merge(
                wanted.jar.symbolicName(),
                wanted,
                (one, other) -> one.jar.version().compareTo(other.jar.version()) > 0 ? one : other);
    }

    private static void addFeature(
            List<Wanted> wanted, Map<String, Wanted> singles, Installation feature, Parts parts) {
        var ready = parts.configurations().features().contains(feature.name());
        for (var jar : feature.jars()) {
            if (!singles.containsKey(jar.symbolicName())) {
                wanted.add(ofFeature(jar, feature.name(), ready));
            }
        }
    }

    /** The bundle that is in its place, or null if there is none. */
    @Nullable Bundle bundle(LiveFramework framework) {
        var own = framework.at(location);
        if (own.isPresent()) {
            return own.get();
        }
        return framework.bundles().stream()
                .filter(bundle -> jar.symbolicName().equals(bundle.getSymbolicName()))
                .filter(bundle -> single || jar.version().equals(bundle.getVersion()))
                .findFirst()
                .orElse(null);
    }

    /** Puts it in its place and starts it. */
    Put put(@Nullable Bundle bundle) {
        return new Put(jar, location, bundle, true);
    }

    /** Whether the bundle in its place is made of other bytes than these. */
    boolean differs(Bundle bundle, Copies copies) throws IOException {
        if (!single && !bundle.getLocation().equals(location)) {
            return false;
        }
        var digest = copies.digestOf(bundle);
        if (digest != null) {
            return !digest.equals(jar.digest());
        }
        var file = Copies.fileOf(bundle);
        return file == null || !Jar.digest(file).equals(jar.digest());
    }
}
