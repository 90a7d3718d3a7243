package dev.capstan.feature;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The life of features and bundles after the start: install, update with roll-back, stop, start,
 * remove. What is installed here survives restarts.
 *
 * <p>No change refreshes a bundle that it does not concern. An update that does not resolve leaves
 * the old version running and names what is missing (S8).
 *
 * <p><b>Threads</b>: safe for any number; changes are made one after another. <b>Blocking</b>:
 * changes block until the framework is done. <b>Security</b>: a plug-in runs with all rights of the
 * process.
 */
@ProviderType
public interface Features {

    /**
     * Waits until what was installed, or lay in the drop-in folder, when the host started was taken
     * up: whose links are to be found hosts for then finds them.
     *
     * @param most how long to wait
     * @return whether it was
     * @throws InterruptedException if the thread was interrupted
     */
    boolean awaitTakenUp(Duration most) throws InterruptedException;

    /**
     * All features, built in and installed.
     *
     * @return snapshots, by name
     */
    List<FeatureInfo> features();

    /**
     * All bundles but the framework itself.
     *
     * @return snapshots, by id
     */
    List<BundleInfo> bundles();

    /**
     * What a change would touch: the bundles that use classes of it, which an update or a removal
     * starts anew, and those with a part that stops while its services are gone. It is told before
     * anything is done, so that an operator decides with it in sight (H2).
     *
     * @param name a bundle's symbolic name or id, or a feature's name
     * @return symbolic names of the others, sorted
     * @throws FeatureException with NOT_FOUND
     */
    List<String> affected(String name) throws FeatureException;

    /**
     * H1: installs a bundle or a feature file, or updates the one of the same name, and starts it.
     * One of the host's own bundles may be given a newer version so, until that is removed.
     *
     * @param location {@code file:}; what lies elsewhere is downloaded first
     * @return what was installed: bundle symbolic names
     * @throws FeatureException if nothing was changed
     */
    List<String> install(URI location) throws FeatureException;

    /**
     * Stops and removes an installed feature with its configurations and the bundles that only it
     * brought, or one installed bundle, or one in the drop-in folder with its file.
     *
     * @param name a feature's name or a bundle's symbolic name
     * @throws FeatureException if nothing was changed
     */
    void remove(String name) throws FeatureException;

    /**
     * Starts a stopped bundle, also one that is left alone since the host died while it started; or
     * a built-in feature that was not started yet, until the host restarts.
     *
     * @param name a bundle's symbolic name or id, or a feature's name
     * @throws FeatureException if it does not start; the message names what is missing
     */
    void start(String name) throws FeatureException;

    /**
     * Stops a bundle until it is started again or the host restarts.
     *
     * @param name a bundle's symbolic name or id
     * @throws FeatureException if there is no such bundle
     */
    void stop(String name) throws FeatureException;

    /**
     * Reads a bundle, or the feature it belongs to, again from where it was installed from.
     *
     * @param name a bundle's symbolic name or id, or an installed feature's name
     * @throws FeatureException if the old version was kept
     */
    void update(String name) throws FeatureException;
}
