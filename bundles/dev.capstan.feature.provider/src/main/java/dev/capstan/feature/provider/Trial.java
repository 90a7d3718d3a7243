package dev.capstan.feature.provider;

import static org.osgi.framework.Constants.BUNDLE_SYMBOLICNAME;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Looks whether bundles would find what they need, before anything that runs is touched: their
 * manifests alone are installed under other names, asked, and removed. Never resolved, so nothing
 * is ever wired to them.
 */
final class Trial {
    private static final String LOCATION = "capstan:trial/";

    private Trial() {}

    static boolean is(Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION);
    }

    /**
     * Tries jars together.
     *
     * @throws FeatureException that names what is missing
     */
    static void of(List<Jar> jars, BundleContext context, Missing missing) throws FeatureException {
        var trials = new ArrayList<Bundle>();
        try {
            for (var jar : jars) {
                trials.add(context.installBundle(LOCATION + jar.digest(), manifestOf(jar)));
            }
            var sentences = new ArrayList<String>();
            for (var i = 0; i < jars.size(); i++) {
                var revision = trials.get(i).adapt(BundleRevision.class);
                sentences.addAll(missing.of(revision, jars.get(i).symbolicName()));
            }
            if (!sentences.isEmpty()) {
                throw new FeatureException(Reason.UNRESOLVED, String.join("; ", sentences), null);
            }
        } catch (BundleException | IOException e) {
            throw new FeatureException(
                    Reason.INVALID, "A manifest is not understood: " + e.getMessage(), e);
        } finally {
            trials.forEach(Trial::remove);
        }
    }

    private static InputStream manifestOf(Jar jar) throws IOException {
        var manifest = jar.manifest();
        manifest.getEntries().clear();
        manifest.getMainAttributes().putValue(BUNDLE_SYMBOLICNAME, jar.symbolicName() + ".trial");
        var bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static void remove(Bundle trial) {
        try {
            trial.uninstall();
        } catch (BundleException e) {
            System.getLogger(Trial.class.getName())
                    .log(System.Logger.Level.DEBUG, "A trial stays", e);
        }
    }
}
