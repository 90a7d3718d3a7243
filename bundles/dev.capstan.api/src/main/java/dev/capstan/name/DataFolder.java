package dev.capstan.name;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/**
 * The data folder of a running host and the places in it. It names places; it makes no folders.
 *
 * @param root the absolute data folder
 */
public record DataFolder(Path root) {

    /** The framework property that names the data folder. */
    public static final String PROPERTY = "capstan.data";

    /** Creates a data folder; the root is made absolute. */
    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * The data folder of the framework a bundle lives in: the framework property {@value
     * #PROPERTY}, else {@code ~/.capstan}.
     *
     * @param context any bundle's context
     * @return the data folder
     */
    public static DataFolder of(BundleContext context) {
        return of(context.getProperty(PROPERTY));
    }

    private static DataFolder of(@Nullable String property) {
        return new DataFolder(
                property != null
                        ? Path.of(property)
                        : Path.of(System.getProperty("user.home"), ".capstan"));
    }

    /**
     * The database.
     *
     * @return {@code db}
     */
    public Path db() {
        return root.resolve("db");
    }

    /**
     * The content store.
     *
     * @return {@code content}
     */
    public Path content() {
        return root.resolve("content");
    }

    /**
     * Unfinished transfers.
     *
     * @return {@code staging}
     */
    public Path staging() {
        return root.resolve("staging");
    }

    /**
     * Placed files, where nothing else is said.
     *
     * @return {@code downloads}
     */
    public Path downloads() {
        return root.resolve("downloads");
    }

    /**
     * Secrets; mode 0700.
     *
     * @return {@code secrets}
     */
    public Path secrets() {
        return root.resolve("secrets");
    }

    /**
     * Drop-in plug-ins.
     *
     * @return {@code bundles}
     */
    public Path bundles() {
        return root.resolve("bundles");
    }

    /**
     * Installed features.
     *
     * @return {@code features}
     */
    public Path features() {
        return root.resolve("features");
    }

    /**
     * Configuration files.
     *
     * @return {@code etc}
     */
    public Path etc() {
        return root.resolve("etc");
    }

    /**
     * Etched records.
     *
     * @return {@code records}
     */
    public Path records() {
        return root.resolve("records");
    }

    /**
     * What belongs to the running process only.
     *
     * @return {@code run}
     */
    public Path run() {
        return root.resolve("run");
    }
}
