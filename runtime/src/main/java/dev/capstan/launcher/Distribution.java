package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.function.Predicate.not;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipFile;

/**
 * The jar this code runs from: launcher, framework, features and every bundle they name.
 *
 * <p>Its {@code capstan.properties} is the hand-written {@code launch.properties}, which says what
 * verbs and options stand for, with what the packager adds from the features, so that a start reads
 * one small file and parses no JSON.
 */
final class Distribution implements AutoCloseable {

    private final Path jar;
    private final ZipFile zip;
    private final Properties index;

    private Distribution(Path jar, ZipFile zip) throws IOException {
        this.jar = jar;
        this.zip = zip;
        this.index = properties("capstan.properties");
    }

    /** The distribution this class was loaded from. */
    static Distribution own() throws IOException {
        try {
            var source = Distribution.class.getProtectionDomain().getCodeSource();
            return open(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    static Distribution open(Path jar) throws IOException {
        return new Distribution(jar, new ZipFile(jar.toFile()));
    }

    Path jar() {
        return jar;
    }

    ZipFile zip() {
        return zip;
    }

    /** Names the content of all bundles and features together: it changes when one byte does. */
    String id() {
        return index.getProperty("id");
    }

    String version() {
        return index.getProperty("version");
    }

    /** Name and version of the framework in the jar. */
    String framework() {
        return index.getProperty("name.of.framework");
    }

    String defaultVerb() {
        return index.getProperty("verb.default");
    }

    /** Whether a verb wants a host of its own and is never handed to one that runs. */
    boolean alone(String verb) {
        return words("verbs.alone").contains(verb);
    }

    /** Options that stand for a configuration value. */
    Map<String, String> switches() {
        return withPrefix("option.");
    }

    /**
     * The features a command starts.
     *
     * @param interactive whether there is a terminal
     * @param plugins whether the data folder has plug-ins, any of which may be a host of its links
     */
    List<String> features(List<String> command, boolean interactive, boolean plugins) {
        var verb = "features.of." + command.get(0);
        var features = new ArrayList<>(words(index.containsKey(verb) ? verb : "features"));
        if (!interactive || command.contains(index.getProperty("prompt.unless"))) {
            features.removeAll(words("prompt.features"));
        }
        if (words("links.verbs").contains(command.get(0))) {
            var links = new Links(command, words("links.elsewhere"));
            features.removeIf(feature -> !links.mayNeed(words("links.of." + feature)));
        }
        if (plugins) {
            words("plugins.features").stream()
                    .filter(not(features::contains))
                    .forEach(features::add);
        }
        return features;
    }

    /** File names of the bundles that features name, each once, in their order. */
    Set<String> bundles(List<String> features) {
        var bundles = new LinkedHashSet<String>();
        for (var feature : features) {
            bundles.addAll(words("bundles." + feature));
        }
        return bundles;
    }

    /** Whether a bundle is installed and not started: others use its classes only. */
    boolean rests(String bundle) {
        return words("resting").contains(bundle);
    }

    /** The configuration a feature brings, as JSON; empty where it brings none. */
    String configuration(String feature) {
        return index.getProperty("configuration." + feature, "");
    }

    /** What the bundles say of their configuration. */
    Metatype metatype() throws IOException {
        return new Metatype(properties("metatype.properties"), words("pids.own"));
    }

    /** Framework properties that are the same for every start. */
    Map<String, String> frameworkProperties() {
        return withPrefix("framework.");
    }

    String usage() throws IOException {
        return text("usage.txt");
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private List<String> words(String key) {
        var text = index.getProperty(key, "").strip();
        return text.isEmpty() ? List.of() : List.of(text.split(" +"));
    }

    private Map<String, String> withPrefix(String prefix) {
        var found = new TreeMap<String, String>();
        for (var key : index.stringPropertyNames()) {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), index.getProperty(key));
            }
        }
        return found;
    }

    private Properties properties(String name) throws IOException {
        var properties = new Properties();
        properties.load(new StringReader(text(name)));
        return properties;
    }

    private String text(String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException(jar + " is no Capstan jar: it holds no " + name);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
