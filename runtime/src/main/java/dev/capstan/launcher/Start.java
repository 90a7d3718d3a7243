package dev.capstan.launcher;

import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/** Starts a host on a data folder this process owns, and runs one command in it. */
final class Start {

    /** How long the bundles may take to accept the command. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final String NAME_IN_CHINESE = "\u540d";

    private static final Duration STOP = Duration.ofSeconds(10);

    private final Distribution distribution;
    private final Arguments arguments;
    private final DataFolder data;
    private final Terminal terminal;
    private final List<String> features;

    Start(Distribution distribution, Arguments arguments, DataFolder data, Terminal terminal) {
        this.distribution = distribution;
        this.arguments = arguments;
        this.data = data;
        this.terminal = terminal;
        this.features =
                distribution.features(
                        arguments.command(), terminal.interactive(), data.hasPlugins());
    }

    /** Returns the command's exit code, with the host stopped. */
    int run(Ending ending) throws LaunchException, IOException, BundleException {
        Logs.in(data.resolve("logs"), arguments.verbose());
        if (!canName(NAME_IN_CHINESE)) {
            System.getLogger(Start.class.getName())
                    .log(
                            Level.WARNING,
                            "Files with names beyond ASCII cannot be written in this locale."
                                    + " Start Capstan with LC_ALL=C.UTF-8.");
        }
        configure();
        var library = Library.of(distribution, data);
        var host = new Host(properties(library));
        ending.becomes(host);
        try {
            host.start(bundles(library), this::rests, call());
            var code = host.run(PATIENCE);
            ending.exitsWith(code);
            return code;
        } finally {
            // What stopped the command must not cut the stopping of the framework short.
            Thread.interrupted();
            host.close(STOP);
        }
    }

    private List<Path> bundles(Path library) {
        return distribution.bundles(features).stream().map(library::resolve).toList();
    }

    private boolean rests(Path bundle) {
        return distribution.rests(String.valueOf(bundle.getFileName()));
    }

    /** Java takes the letters of file names from the locale once, before anything of ours runs. */
    private static boolean canName(String name) {
        try {
            return Path.of(name).endsWith(name);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void configure() throws LaunchException, IOException {
        var settings = new Settings(distribution.metatype());
        for (var feature : features) {
            var configuration = distribution.configuration(feature);
            if (!configuration.isEmpty()) {
                settings.addJson("feature " + feature, new StringReader(configuration));
            }
        }
        settings.addFolder(data.resolve("etc"));
        settings.addAll(arguments.options());
        settings.addAll(arguments.settings());
        settings.check();
        Library.delete(configurations());
        settings.write(configurations());
    }

    private Path configurations() {
        return data.resolve("osgi/configurations");
    }

    private Map<String, String> properties(Path library) {
        var properties = new HashMap<>(distribution.frameworkProperties());
        properties.put(Constants.FRAMEWORK_STORAGE, data.resolve("osgi/cache").toString());
        properties.put(
                Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put("felix.cm.dir", configurations().toString());
        properties.put("capstan.data", data.root().toString());
        properties.put("capstan.version", distribution.version());
        properties.put("capstan.lib", library.toString());
        properties.put("capstan.features", library.resolve("features").toString());
        properties.put("capstan.started", String.join(",", features));
        return properties;
    }

    private Map<String, Object> call() {
        return Map.of(
                "launcher.arguments", arguments.command().toArray(String[]::new),
                "launcher.ready", "true",
                "capstan.columns", terminal.columns(),
                "capstan.terminal", terminal.flags());
    }
}
