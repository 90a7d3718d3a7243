package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.util.Map;
import org.osgi.framework.Bundle;

/**
 * What a change has to do with.
 *
 * @param framework what is there
 * @param copies the bytes it was made of
 * @param quarantine the bytes that are left alone
 * @param installations what was installed to stay
 * @param dropIns the drop-in folder
 * @param files reads feature files
 * @param configurations those that features brought
 * @param origins for each id of a bundle that is wanted, why; any thread may read it
 * @param problems for each id of a bundle, what went wrong; any thread may read it
 */
record Parts(
        LiveFramework framework,
        Copies copies,
        Quarantine quarantine,
        Installations installations,
        DropIns dropIns,
        FeatureFiles files,
        Configurations configurations,
        Map<Long, String> origins,
        Map<Long, String> problems) {

    Change change() {
        return new Change(framework, copies, quarantine);
    }

    /**
     * Tells whether a jar may take a bundle's place.
     *
     * @throws FeatureException if it would stop what makes the change, or is older than the host
     */
    void mayReplace(Bundle bundle, Jar jar) throws FeatureException {
        mayStop(bundle);
        var file = Copies.fileOf(bundle);
        if (file == null) {
            return;
        }
        try {
            var own = Jar.read(file);
            if (jar.version().compareTo(own.version()) < 0) {
                throw new FeatureException(
                        Reason.INVALID,
                        jar + " is older than the host's own " + own.version(),
                        null);
            }
        } catch (IOException e) {
            throw new FeatureException(Reason.IO, file + " cannot be read", e);
        }
    }

    /** Tells whether a bundle may be stopped without stopping what makes the change. */
    void mayStop(Bundle bundle) throws FeatureException {
        if (framework.carriesUs(bundle)) {
            throw new FeatureException(
                    Reason.PROTECTED,
                    bundle.getSymbolicName()
                            + " is needed by what makes such changes; replace it while the host is"
                            + " stopped",
                    null);
        }
    }

    void problem(Bundle bundle, String sentence) {
        problems.put(bundle.getBundleId(), sentence);
    }

    void noProblem(Bundle bundle) {
        problems.remove(bundle.getBundleId());
    }
}
