package dev.capstan.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The features of a folder, OSGi feature files (Compendium chapter 159), with the version of the
 * project put in. A bundle with {@code "start": false} is installed and not started.
 */
final class Features {

    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, JsonObject> features = new TreeMap<>();

    Features(Path folder, String version) throws IOException {
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            for (var file : files) {
                var name = file.getFileName().toString().replace(".json", "");
                var text = Files.readString(file).replace("${project.version}", version);
                texts.put(name, text);
                try (var reader = Json.createReader(new StringReader(text))) {
                    features.put(name, reader.readObject());
                }
            }
        }
    }

    /** The files by their names, as they are shipped. */
    Map<String, byte[]> files() {
        var files = new TreeMap<String, byte[]>();
        texts.forEach((name, text) -> files.put(name + ".json", text.getBytes(UTF_8)));
        return files;
    }

    /** One of them. */
    JsonObject get(String name) {
        return Objects.requireNonNull(features.get(name), name);
    }

    /** The file names of all bundles. */
    TreeSet<String> bundles() {
        var bundles = new TreeSet<String>();
        features.values().forEach(feature -> bundles.addAll(bundles(feature)));
        return bundles;
    }

    /** What the launcher wants to know of the features without reading them. */
    Map<String, String> index() {
        var index = new TreeMap<String, String>();
        var resting = new TreeSet<String>();
        for (var feature : features.entrySet()) {
            var name = feature.getKey();
            index.put("bundles." + name, String.join(" ", bundles(feature.getValue())));
            var links = links(feature.getValue());
            if (!links.isEmpty()) {
                index.put("links.of." + name, links);
            }
            if (feature.getValue().containsKey("configurations")) {
                index.put(
                        "configuration." + name,
                        feature.getValue().get("configurations").toString());
            }
            for (var bundle : entries(feature.getValue())) {
                if (!bundle.getBoolean("start", true)) {
                    resting.add(fileName(bundle));
                }
            }
        }
        index.put("resting", String.join(" ", resting));
        return index;
    }

    /** The host names whose links the feature is for. */
    private static String links(JsonObject feature) {
        var extensions = feature.getJsonObject("extensions");
        return extensions == null || !extensions.containsKey("capstan-links")
                ? ""
                : extensions
                        .getJsonObject("capstan-links")
                        .getJsonArray("text")
                        .getValuesAs(JsonString.class)
                        .stream()
                        .map(JsonString::getString)
                        .collect(Collectors.joining(" "));
    }

    private static List<String> bundles(JsonObject feature) {
        return entries(feature).stream().map(Features::fileName).toList();
    }

    private static List<JsonObject> entries(JsonObject feature) {
        return feature.getJsonArray("bundles").getValuesAs(JsonObject.class);
    }

    /** As Maven names a jar {@code group:artifact[:type[:classifier]]:version}. */
    private static String fileName(JsonObject bundle) {
        var id = bundle.getString("id").split(":");
        var classifier = id.length > 4 ? "-" + id[3] : "";
        return id[1] + "-" + id[id.length - 1] + classifier + ".jar";
    }
}
