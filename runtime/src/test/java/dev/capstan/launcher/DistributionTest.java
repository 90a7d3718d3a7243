package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

    @TempDir Path folder;
    private Distribution distribution;

    @BeforeEach
    void pack() throws Exception {
        Files.writeString(
                folder.resolve("launch.properties"),
                """
                verb.default=run
                verbs.alone=run
                features=core
                features.of.run=core extra shell
                features.of.add=core extra
                plugins.features=extra
                links.verbs=add
                links.elsewhere=-i --input-file
                prompt.features=shell
                prompt.unless=--no-shell
                option.--open=some.pid:open=true
                """);
        var features = Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                features.resolve("extra.json"),
                """
                {"id": "g:extra:${project.version}",
                 "bundles": [{"id": "g:errand:1.0"}, {"id": "g:org.osgi.util.promise:1.3.0"}],
                 "extensions": {"capstan-links": {"text": ["a.example", "b.example"]}},
                 "configurations": {"some.pid": {"key": 1}}}""");
        distribution = Distribution.open(Lab.distribution(folder, Lab.errand(folder)));
    }

    @AfterEach
    void close() throws Exception {
        distribution.close();
    }

    @Test
    void aVerbStartsItsFeaturesAndAnyOtherTheUsualOnes() {
        assertThat(distribution.features(List.of("get", "x"), true, false)).containsExactly("core");
        assertThat(distribution.features(List.of("run"), true, false))
                .containsExactly("core", "extra", "shell");
    }

    @Test
    void plugInsAreStartedWhereThereAreSome() {
        assertThat(distribution.features(List.of("get", "x"), true, true))
                .containsExactly("core", "extra");
        assertThat(distribution.features(List.of("run"), false, true))
                .containsExactly("core", "extra");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://b.example/x",
                "http://A.Example.:80/x",
                "https://user@a.example",
                "other:x/1",
                "track_5",
                "-ilinks",
                "--input-file=links"
            })
    void aFeatureOfCertainLinksIsStartedForThem(String word) {
        assertThat(distribution.features(List.of("add", "https://c.example/", word), false, false))
                .containsExactly("core", "extra");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://c.example/a.example",
                "https://a.example.c.example/",
                "https://a.example@c.example/",
                "a.example",
                "file:///a.example/x",
                "--out=http"
            })
    void aFeatureOfCertainLinksIsLeftAwayForOthers(String word) {
        assertThat(distribution.features(List.of("add", word), false, false))
                .containsExactly("core");
    }

    @Test
    void thePromptNeedsATerminalAndMayBeLeftAway() {
        assertThat(distribution.features(List.of("run"), false, false))
                .containsExactly("core", "extra");
        assertThat(distribution.features(List.of("run", "--no-shell"), true, false))
                .containsExactly("core", "extra");
    }

    @Test
    void aBundleOfTwoFeaturesIsStartedOnceAndFirst() {
        var bundles = List.copyOf(distribution.bundles(List.of("extra", "core")));

        assertThat(bundles).doesNotHaveDuplicates().contains("org.apache.felix.scr-2.2.18.jar");
        assertThat(bundles).startsWith("errand-1.0.jar", "org.osgi.util.promise-1.3.0.jar");
    }

    @Test
    void itKnowsWhatTheFeaturesAndTheBuildSay() {
        assertThat(distribution.version()).isEqualTo("1.2.3");
        assertThat(distribution.framework()).startsWith("Apache Felix Framework 7");
        assertThat(distribution.configuration("extra")).isEqualTo("{\"some.pid\":{\"key\":1}}");
        assertThat(distribution.configuration("core")).isEmpty();
        assertThat(distribution.switches())
                .containsExactly(java.util.Map.entry("--open", "some.pid:open=true"));
        assertThat(distribution.alone("run")).isTrue();
        assertThat(distribution.alone("get")).isFalse();
    }

    @Test
    void theFolderTheBuildLeftIsUsed() throws Exception {
        try (var data = DataFolder.open(folder.resolve("data"))) {
            assertThat(Library.of(distribution, data))
                    .isEqualTo(folder.resolve("lib-" + distribution.id()));
        }
    }

    @Test
    void aCopiedJarUnpacksItselfOnceAndRemovesWhatOthersUnpacked() throws Exception {
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("capstan.jar");
        Files.copy(distribution.jar(), elsewhere);
        try (var data = DataFolder.open(folder.resolve("data"));
                var copy = Distribution.open(elsewhere)) {
            var older = Files.createDirectories(data.resolve("osgi/lib-older"));
            Files.writeString(older.resolve("x.jar"), "");

            var library = Library.of(copy, data);

            assertThat(library).isEqualTo(data.resolve("osgi/lib-" + copy.id()));
            assertThat(content(library)).isEqualTo(content(folder.resolve("lib-" + copy.id())));
            assertThat(older).doesNotExist();
        }
    }

    @Test
    void aFileThatWasLostIsUnpackedAgain() throws Exception {
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("capstan.jar");
        Files.copy(distribution.jar(), elsewhere);
        try (var data = DataFolder.open(folder.resolve("data"));
                var copy = Distribution.open(elsewhere)) {
            Files.delete(Library.of(copy, data).resolve("errand-1.0.jar"));

            assertThat(Library.of(copy, data).resolve("errand-1.0.jar")).exists();
        }
    }

    private static TreeMap<String, Long> content(Path folder) throws Exception {
        var sizes = new TreeMap<String, Long>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                sizes.put(folder.relativize(file).toString(), Files.size(file));
            }
        }
        return sizes;
    }
}
