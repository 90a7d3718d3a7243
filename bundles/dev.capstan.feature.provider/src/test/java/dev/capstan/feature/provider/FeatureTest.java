package dev.capstan.feature.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;

class FeatureTest {
    @TempDir Path root;
    private Path store;
    private Lab lab;

    @BeforeEach
    void begin() throws Exception {
        store = Files.createDirectories(root.resolve("store"));
        Lab.builtIn(root, TestBundle.of("own", "1.0.0"));
        lab = new Lab(root);
    }

    @AfterEach
    void end() throws Exception {
        lab.close();
    }

    @Test
    void H1_a_feature_is_installed_survives_restarts_and_is_removed_as_one() throws Exception {
        TestBundle.of("a", "1.0.0").imports("lib").in(store);
        TestBundle.of("lib", "1.0.0").exports("lib").in(store);
        var file =
                feature(
                        "acme",
                        "1.0.0",
                        "g:a:1.0.0 g:lib:1.0.0",
                        "\"acme.pid\": {\"n:Integer\": 3}");
        assertThat(lab.install(file)).containsExactly("a", "lib");
        for (var run = 0; run < 2; run++) {
            lab.awaitTold("a", "1.0.0 ACTIVE");
            lab.awaitTold("lib", "1.0.0 ACTIVE");
            assertThat(lab.info("a").orElseThrow().origin()).isEqualTo("acme");
            assertThat(configuration("acme.pid")).containsEntry("n", 3);
            assertThat(lab.feature("acme"))
                    .hasValueSatisfying(
                            f -> {
                                assertThat(f.version()).isEqualTo("1.0.0");
                                assertThat(f.description()).isEqualTo("For tests");
                                assertThat(f.builtIn()).isFalse();
                                assertThat(f.active()).isTrue();
                                assertThat(f.bundles()).containsExactlyInAnyOrder("a", "lib");
                            });
            restart();
        }
        lab.awaitTold("a", "1.0.0 ACTIVE");
        lab.features().remove("acme");
        assertThat(lab.told("a")).isEqualTo("absent");
        assertThat(lab.told("lib")).isEqualTo("absent");
        assertThat(configuration("acme.pid")).isEmpty();
        assertThat(lab.feature("acme")).isEmpty();
    }

    @Test
    void H1_a_feature_is_updated_as_one() throws Exception {
        for (var bundle : new String[] {"a", "b", "c"}) {
            TestBundle.of(bundle, "1.0.0").in(store);
            TestBundle.of(bundle, "1.1.0").in(store);
        }
        var file =
                feature(
                        "acme",
                        "1.0.0",
                        "g:a:1.0.0 g:b:1.0.0",
                        "\"x\": {\"v\": \"1\"}, \"y\": {\"v\": \"1\"}");
        lab.install(file);
        feature(
                "acme",
                "1.1.0",
                "g:a:1.1.0 g:c:1.1.0",
                "\"x\": {\"v\": \"2\"}, \"z\": {\"v\": \"2\"}");
        lab.features().update("acme");
        assertThat(lab.told("a")).isEqualTo("1.1.0 ACTIVE");
        assertThat(lab.told("b")).isEqualTo("absent");
        assertThat(lab.told("c")).isEqualTo("1.1.0 ACTIVE");
        assertThat(configuration("x")).containsEntry("v", "2");
        assertThat(configuration("y")).isEmpty();
        assertThat(configuration("z")).containsEntry("v", "2");
        assertThat(lab.feature("acme").orElseThrow().version()).isEqualTo("1.1.0");
    }

    @Test
    void H1_whoever_has_nothing_to_do_with_a_feature_hears_nothing_of_its_life() throws Exception {
        TestBundle.of("other.lib", "1.0.0").exports("other.lib").in(lab.dropIns);
        TestBundle.of("other", "1.0.0").imports("other.lib").in(lab.dropIns);
        lab.awaitTold("other", "1.0.0 ACTIVE");
        lab.awaitTold("other.lib", "1.0.0 ACTIVE");
        for (var version : new String[] {"1.0.0", "1.1.0"}) {
            TestBundle.of("a", version).imports("lib").in(store);
            TestBundle.of("lib", version).exports("lib;version=" + version).in(store);
        }
        var touched = new ConcurrentSkipListSet<String>();
        lab.bundle("other")
                .getBundleContext()
                .addBundleListener(
                        (SynchronousBundleListener)
                                event -> touched.add(event.getBundle().getSymbolicName()));

        var file = feature("acme", "1.0.0", "g:a:1.0.0 g:lib:1.0.0", "\"x\": {\"v\": \"1\"}");
        lab.install(file);
        feature("acme", "1.1.0", "g:a:1.1.0 g:lib:1.1.0", "\"x\": {\"v\": \"2\"}");
        lab.features().update("acme");
        assertThat(lab.told("a")).isEqualTo("1.1.0 ACTIVE");
        lab.features().remove("acme");

        assertThat(touched).contains("a", "lib").doesNotContain("other", "other.lib");
        assertThat(touched).allMatch(name -> name.matches("(a|lib)(\\.trial)?"));
    }

    @Test
    void S8_a_feature_that_cannot_run_changes_nothing() throws Exception {
        TestBundle.of("a", "1.0.0").in(store);
        TestBundle.of("a", "1.1.0").in(store);
        TestBundle.of("b", "1.1.0").imports("missing;version=2").in(store);
        lab.install(feature("acme", "1.0.0", "g:a:1.0.0", "\"x\": {\"v\": \"1\"}"));
        var next = feature("acme", "1.1.0", "g:a:1.1.0 g:b:1.1.0", "\"x\": {\"v\": \"2\"}");
        assertRefused(
                Reason.UNRESOLVED,
                "b needs missing 2.0, which nothing here offers",
                () -> lab.install(next));
        assertThat(lab.told("a")).isEqualTo("1.0.0 ACTIVE");
        assertThat(lab.told("b")).isEqualTo("absent");
        assertThat(configuration("x")).containsEntry("v", "1");
        assertThat(lab.feature("acme").orElseThrow().version()).isEqualTo("1.0.0");
    }

    @Test
    void what_the_operator_configured_wins_and_stays() throws Exception {
        var admin = lab.service(ConfigurationAdmin.class);
        var operators = admin.getConfiguration("x", "?");
        operators.update(new Hashtable<>(Map.of("a", "operator")));
        TestBundle.of("a", "1.0.0").in(store);
        lab.install(
                feature(
                        "acme",
                        "1",
                        "g:a:1.0.0",
                        "\"x\": {\"a\": \"feature\", \"b\": \"feature\"}"));
        assertThat(configuration("x")).containsEntry("a", "operator").containsEntry("b", "feature");
        lab.features().remove("acme");
        assertThat(configuration("x")).containsEntry("a", "operator").doesNotContainKey("b");
    }

    @Test
    void a_factory_configuration_keeps_its_name() throws Exception {
        TestBundle.of("a", "1.0.0").in(store);
        lab.install(feature("acme", "1", "g:a:1.0.0", "\"fac.tory~one\": {\"v\": true}"));
        assertThat(configuration("fac.tory~one"))
                .containsEntry("v", true)
                .containsEntry("service.factoryPid", "fac.tory");
    }

    @Test
    void bundles_are_found_beside_the_file_in_the_host_and_where_it_says() throws Exception {
        TestBundle.of("a", "1").at(store.resolve("bundles/a-1.0.0.jar"));
        TestBundle.of("b", "1").at(store.resolve("com/acme/b/1.0.0/b-1.0.0.jar"));
        TestBundle.of("c", "1").at(lab.library.resolve("c-1.0.0.jar"));
        TestBundle.of("d", "1").at(root.resolve("else where/d.jar"));
        TestBundle.of("e", "1").at(root.resolve("e.jar"));
        var file = store.resolve("acme.json");
        Files.writeString(
                file,
                """
                {
                  "id": "com.acme:acme:1.0.0",
                  "bundles": [
                    { "id": "com.acme:a:1.0.0" },
                    { "id": "com.acme:b:1.0.0" },
                    { "id": "com.acme:c:1.0.0" },
                    { "id": "com.acme:d:1.0.0", "location": "../else where/d.jar" },
                    { "id": "com.acme:e:1.0.0", "location": "%s" }
                  ]
                }
                """
                        .formatted(root.resolve("e.jar").toUri()));
        assertThat(lab.install(file)).containsExactly("a", "b", "c", "d", "e");
        assertThat(lab.told("d")).isEqualTo("1.0.0 ACTIVE");
    }

    @Test
    void what_is_not_found_is_named() throws Exception {
        assertRefused(
                Reason.NOT_FOUND,
                "a-1.0.0.jar",
                () -> lab.install(feature("acme", "1", "g:a:1.0.0", "")));
        assertThat(lab.feature("acme")).isEmpty();
    }

    @Test
    void a_bundle_of_two_features_stays_until_both_are_gone() throws Exception {
        TestBundle.of("a", "1.0.0").in(store);
        TestBundle.of("b", "1.0.0").in(store);
        TestBundle.of("shared", "1.0.0").in(store);
        lab.install(feature("one", "1", "g:a:1.0.0 g:shared:1.0.0", ""));
        lab.install(feature("two", "1", "g:b:1.0.0 g:shared:1.0.0", ""));
        lab.features().remove("one");
        assertThat(lab.told("a")).isEqualTo("absent");
        assertThat(lab.told("shared")).isEqualTo("1.0.0 ACTIVE");
        restart();
        lab.awaitTold("shared", "1.0.0 ACTIVE");
        lab.features().remove("two");
        assertThat(lab.told("shared")).isEqualTo("absent");
    }

    @Test
    void a_feature_is_content_with_the_hosts_own_and_leaves_it() throws Exception {
        TestBundle.of("own", "1.0.0").in(store);
        TestBundle.of("a", "1.0.0").in(store);
        lab.install(feature("acme", "1", "g:own:1.0.0 g:a:1.0.0", ""));
        assertThat(lab.info("own").orElseThrow().origin()).isEqualTo("built-in");
        lab.features().remove("acme");
        assertThat(lab.told("own")).isEqualTo("1.0.0 ACTIVE");
    }

    @Test
    void another_version_goes_beside_the_one_that_is_there() throws Exception {
        TestBundle.of("own", "2.0.0").in(store);
        lab.install(feature("acme", "1", "g:own:2.0.0", ""));
        assertThat(lab.features().bundles())
                .filteredOn(bundle -> bundle.symbolicName().equals("own"))
                .extracting(bundle -> bundle.version() + " " + bundle.state())
                .containsExactlyInAnyOrder("1.0.0 ACTIVE", "2.0.0 ACTIVE");
        lab.features().remove("acme");
        assertThat(lab.told("own")).isEqualTo("1.0.0 ACTIVE");
    }

    @Test
    void a_feature_of_the_host_is_listed_started_and_not_removed() throws Exception {
        TestBundle.of("extra", "1.0.0").in(lab.library);
        builtIn("core", "g:own:1.0.0");
        builtIn("more", "g:own:1.0.0 g:extra:1.0.0");
        assertThat(lab.feature("core").orElseThrow().active()).isTrue();
        assertThat(lab.feature("more").orElseThrow().active()).isFalse();
        assertThat(lab.info("own").orElseThrow().origin()).isEqualTo("core");
        lab.features().start("more");
        assertThat(lab.told("extra")).isEqualTo("1.0.0 ACTIVE");
        assertThat(lab.bundle("extra").getLocation()).startsWith("reference:file:");
        assertThat(lab.feature("more"))
                .hasValueSatisfying(
                        f -> {
                            assertThat(f.active()).isTrue();
                            assertThat(f.builtIn()).isTrue();
                            assertThat(f.bundles()).containsExactly("own", "extra");
                        });
        assertRefused(Reason.PROTECTED, "with the host", () -> lab.features().remove("more"));
        assertRefused(
                Reason.PROTECTED,
                "with the host",
                () -> lab.install(feature("more", "2", "g:own:1.0.0", "")));
        assertRefused(Reason.PROTECTED, "with the host", () -> lab.features().remove("extra"));
    }

    @Test
    void a_bundle_of_a_feature_is_removed_with_it_only_and_updated_with_it() throws Exception {
        TestBundle.of("a", "1.0.0").in(store);
        TestBundle.of("a", "1.1.0").in(store);
        lab.install(feature("acme", "1", "g:a:1.0.0", ""));
        assertRefused(Reason.PROTECTED, "came with acme", () -> lab.features().remove("a"));
        feature("acme", "2", "g:a:1.1.0", "");
        lab.features().update("a");
        assertThat(lab.told("a")).isEqualTo("1.1.0 ACTIVE");
    }

    @Test
    void an_installed_feature_is_started_bundle_by_bundle() throws Exception {
        TestBundle.of("a", "1.0.0").in(store);
        lab.install(feature("acme", "1", "g:a:1.0.0", ""));
        lab.features().stop("a");
        assertThat(lab.feature("acme").orElseThrow().active()).isFalse();
        lab.features().start("acme");
        assertThat(lab.told("a")).isEqualTo("1.0.0 ACTIVE");
    }

    private Path feature(String name, String version, String bundles, String configurations)
            throws Exception {
        return write(store.resolve(name + ".json"), name, version, bundles, configurations);
    }

    private void builtIn(String name, String bundles) throws Exception {
        write(lab.builtInFeatures().resolve(name + ".json"), name, "1.0.0", bundles, "");
    }

    private static Path write(
            Path file, String name, String version, String bundles, String configurations)
            throws Exception {
        return Files.writeString(
                file,
                """
                {
                  "feature-resource-version": "1.0",
                  "id": "com.acme:%s:%s",
                  "description": "For tests",
                  "bundles": [ { "id": "%s" } ],
                  "configurations": { %s }
                }
                """
                        .formatted(
                                name,
                                version,
                                bundles.replace(" ", "\" }, { \"id\": \""),
                                configurations));
    }

    private Map<String, Object> configuration(String pid) throws Exception {
        var found =
                lab.service(ConfigurationAdmin.class)
                        .listConfigurations("(service.pid=" + pid + ")");
        var values = new Hashtable<String, Object>();
        if (found != null) {
            var properties = found[0].getProperties();
            properties.keys().asIterator().forEachRemaining(k -> values.put(k, properties.get(k)));
        }
        return values;
    }

    private void restart() throws Exception {
        lab.close();
        lab = new Lab(root);
    }

    private static void assertRefused(Reason reason, String words, ThrowingCallable call) {
        var refused = catchThrowableOfType(FeatureException.class, call);
        assertThat(refused).isNotNull().hasMessageContaining(words);
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
    }
}
