package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The configuration a host starts with, checked before anything starts.
 *
 * <p>What comes later wins: the features' own values, then the files of {@code etc}, then options,
 * then {@code --set}. Every mistake is found, not only the first. The result is written where the
 * Configuration Admin service looks as it starts, so a component sees its configuration from its
 * first moment on, and the launcher needs no class of that service.
 */
final class Settings {

    private static final Pattern SETTING =
            Pattern.compile("([^:=]+):([^:=]+)=(.*)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.~-]+");

    private final Metatype metatype;
    private final Map<String, Map<String, String>> configurations = new TreeMap<>();
    private final List<String> mistakes = new ArrayList<>();

    Settings(Metatype metatype) {
        this.metatype = metatype;
    }

    /** Takes JSON: an object of PIDs, each an object of keys and values. */
    void addJson(String source, Reader json) {
        try {
            for (var configuration : JsonConfiguration.read(json).entrySet()) {
                for (var named : configuration.getValue().entrySet()) {
                    add(source + ": ", configuration.getKey(), named.getKey(), named.getValue());
                }
            }
        } catch (MistakeException e) {
            mistakes.add(source + ": " + e.getMessage());
        }
    }

    /** Takes the JSON files of a folder, in the order of their names. */
    void addFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        var files = new TreeSet<Path>();
        try (var found = Files.newDirectoryStream(folder, "*.json")) {
            found.forEach(files::add);
        }
        for (var file : files) {
            try (var reader = Files.newBufferedReader(file)) {
                addJson(file.toString(), reader);
            }
        }
    }

    /** Takes values in the form {@code PID:KEY=VALUE}. */
    void addAll(List<String> settings) {
        for (var setting : settings) {
            var parts = SETTING.matcher(setting);
            if (parts.matches()) {
                add("", parts.group(1), parts.group(2), Value.text(parts.group(3)));
            } else {
                mistakes.add("A setting has the form PID:KEY=VALUE, not \"" + setting + "\".");
            }
        }
    }

    /** Refuses to go on if anything was wrong. */
    void check() throws LaunchException {
        if (!mistakes.isEmpty()) {
            throw LaunchException.usage(String.join("\n", mistakes));
        }
    }

    /** Writes one {@code .config} file for each PID. */
    void write(Path folder) throws IOException {
        for (var configuration : configurations.entrySet()) {
            var pid = configuration.getKey();
            var file = folder.resolve(fileName(pid));
            Files.createDirectories(file.getParent());
            Files.writeString(file, content(pid, configuration.getValue()), UTF_8);
        }
    }

    private void add(String source, String pid, String key, Value value) {
        try {
            if (!NAME.matcher(pid).matches() || !NAME.matcher(key).matches()) {
                throw new MistakeException("\"" + pid + ":" + key + "\" is no name of a setting.");
            }
            put(pid, key, metatype.check(pid, key, value).notation());
        } catch (MistakeException e) {
            mistakes.add(source + e.getMessage());
        }
    }

    private void put(String pid, String key, String notation) {
        configurations.computeIfAbsent(pid, any -> new TreeMap<>()).put(key, notation);
    }

    /** The bundle location "?" lets whatever bundle wants the configuration have it. */
    private static String content(String pid, Map<String, String> values) {
        var lines = new TreeMap<>(values);
        lines.put("service.pid", Value.text(pid).notation());
        lines.put("service.bundleLocation", Value.text("?").notation());
        var tilde = pid.indexOf('~');
        if (tilde > 0) {
            lines.put("service.factoryPid", Value.text(pid.substring(0, tilde)).notation());
        }
        var content = new StringBuilder();
        lines.forEach(
                (key, notation) -> content.append(key).append('=').append(notation).append("\r\n"));
        return content.toString();
    }

    /**
     * Where that service expects a PID: dots are folders, what is no letter or digit is escaped.
     */
    private static String fileName(String pid) {
        return pid.replace('.', '/').replace("~", "%007e") + ".config";
    }
}
