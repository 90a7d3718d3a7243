package dev.capstan.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagerTest {

    private static final String METATYPE =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
              <OCD id="engine" name="Engine">
                <AD id="segments" type="Integer" min="1" max="16" default="4" required="false"/>
                <AD id="hosts" type="String" cardinality="2147483647"/>
                <AD id="mode" type="String">
                  <Option label="Fast" value="fast"/>
                  <Option label="Safe" value="safe"/>
                </AD>
              </OCD>
              <OCD id="host"><AD id="user" type="String"/></OCD>
              <Designate pid="a.engine"><Object ocdref="engine"/></Designate>
              <Designate factoryPid="a.host"><Object ocdref="host"/></Designate>
            </metatype:MetaData>
            """;

    @TempDir Path folder;
    private final List<Path> libraries = new ArrayList<>();

    @BeforeEach
    void makeProject() throws IOException {
        Files.createDirectories(folder.resolve("classes/dev/capstan/packaging"));
        Files.writeString(folder.resolve("classes/Main.class"), "main");
        Files.writeString(folder.resolve("classes/dev/capstan/packaging/Packager.class"), "build");
        Files.writeString(folder.resolve("launch.properties"), "verb.default=run\n");
        Files.createDirectories(folder.resolve("features"));
        feature("core", "{\"id\": \"g:one:${project.version}\", \"start\": false}");
        library("one-2.0.jar", Map.of("OSGI-INF/metatype/a.xml", METATYPE));
        library(
                "jakarta.json-1.jar",
                Map.of(
                        "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n",
                        "META-INF/LICENSE", "free",
                        "META-INF/services/Some", "Thing",
                        "module-info.class", "m",
                        "json/Parser.class", "parser"));
    }

    private void feature(String name, String bundles) throws IOException {
        Files.writeString(
                folder.resolve("features/" + name + ".json"),
                "{\"id\": \"g:f:1\", \"bundles\": [" + bundles + "]}");
    }

    private void library(String name, Map<String, String> content) throws IOException {
        var jar = folder.resolve(name);
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var entry : content.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes());
            }
        }
        libraries.add(jar);
    }

    private Path pack() throws IOException {
        return new Packager(
                        folder.resolve("classes"),
                        folder.resolve("launch.properties"),
                        folder.resolve("features"),
                        "2.0",
                        libraries)
                .write(folder);
    }

    private static Properties properties(ZipFile zip, String name) throws IOException {
        var properties = new Properties();
        properties.load(new StringReader(text(zip, name)));
        return properties;
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes());
    }

    @Test
    void aBundleIsFoundByItsClassifierToo() throws Exception {
        feature("web", "{\"id\": \"g:web:jar:with-sockets:3.0\"}");
        library("web-3.0-with-sockets.jar", Map.of("a", "b"));

        try (var zip = new ZipFile(pack().toFile())) {
            assertThat(zip.getEntry("bundles/web-3.0-with-sockets.jar")).isNotNull();
            assertThat(properties(zip, "capstan.properties"))
                    .containsEntry("bundles.web", "web-3.0-with-sockets.jar");
        }
    }

    @Test
    void theJarHasClassesBundlesAndFeatures() throws Exception {
        try (var zip = new ZipFile(pack().toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactlyInAnyOrder(
                            "META-INF/MANIFEST.MF",
                            "META-INF/licenses/jakarta.json-1.jar/LICENSE",
                            "META-INF/services/Some",
                            "Main.class",
                            "json/Parser.class",
                            "bundles/one-2.0.jar",
                            "features/core.json",
                            "capstan.properties",
                            "metatype.properties");
            assertThat(zip.getEntry("bundles/one-2.0.jar").getMethod()).isEqualTo(ZipEntry.STORED);
            assertThat(text(zip, "features/core.json")).contains("g:one:2.0");
            assertThat(text(zip, "META-INF/MANIFEST.MF")).contains("dev.capstan.launcher.Main");
        }
    }

    @Test
    void theIndexSaysWhatTheFeaturesSay() throws Exception {
        try (var zip = new ZipFile(pack().toFile())) {
            var index = properties(zip, "capstan.properties");

            assertThat(index)
                    .containsEntry("verb.default", "run")
                    .containsEntry("bundles.core", "one-2.0.jar")
                    .containsEntry("resting", "one-2.0.jar")
                    .containsEntry("version", "2.0");
            assertThat(folder.resolve("lib-" + index.getProperty("id") + "/one-2.0.jar"))
                    .hasSameBinaryContentAs(folder.resolve("one-2.0.jar"));
        }
    }

    @Test
    void theConfigurationOfTheBundlesIsIndexed() throws Exception {
        try (var zip = new ZipFile(pack().toFile())) {
            assertThat(properties(zip, "metatype.properties"))
                    .containsOnly(
                            Map.entry("a.engine", "single"),
                            Map.entry("a.engine|segments", "Integer|0|1|16|"),
                            Map.entry("a.engine|hosts", "String|2147483647|||"),
                            Map.entry("a.engine|mode", "String|0|||fast safe"),
                            Map.entry("a.host", "factory"),
                            Map.entry("a.host|user", "String|0|||"));
        }
    }

    @Test
    void theSameContentGivesTheSameBytes() throws Exception {
        var first = Files.readAllBytes(pack());
        Files.setLastModifiedTime(
                folder.resolve("one-2.0.jar"), java.nio.file.attribute.FileTime.fromMillis(0));

        assertThat(Files.readAllBytes(pack())).isEqualTo(first);
    }

    @Test
    void otherContentGivesAnotherFolderInPlaceOfTheOld() throws Exception {
        pack();
        var before = folders();
        feature("more", "");
        pack();

        assertThat(folders()).hasSize(1).isNotEqualTo(before);
    }

    private List<Path> folders() throws IOException {
        try (var folders = Files.newDirectoryStream(folder, "lib-*")) {
            var found = new ArrayList<Path>();
            folders.forEach(found::add);
            return found;
        }
    }

    @Test
    void aBundleOfAFeatureThatIsNoDependencyIsRefused() throws Exception {
        feature("more", "{\"id\": \"g:two:1\"}");

        assertThatThrownBy(this::pack).hasMessageContaining("[two-1.jar] are in a feature");
    }

    @Test
    void aDependencyInNoFeatureIsRefused() throws Exception {
        library("stray-1.jar", Map.of());

        assertThatThrownBy(this::pack).hasMessageContaining("stray-1.jar is a dependency");
    }
}
