package dev.capstan.feature.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import dev.capstan.feature.provider.inside.Blocking;
import dev.capstan.feature.provider.inside.Counting;
import dev.capstan.feature.provider.inside.Throwing;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.wiring.BundleWiring;

class InstallTest {
    @TempDir Path root;
    private Path store;
    private Lab lab;

    @BeforeEach
    void begin() throws Exception {
        store = root.resolve("store");
        Lab.builtIn(root, TestBundle.of("own", "1.0.0").exports("own.api;version=1.1"));
        lab = new Lab(root);
    }

    @AfterEach
    void end() throws Exception {
        lab.close();
    }

    @Test
    void H1_a_bundle_is_installed_survives_restarts_and_is_removed() throws Exception {
        var jar = TestBundle.of("acme", "1.0.0").in(store);
        assertThat(lab.install(jar)).containsExactly("acme");
        assertThat(lab.told("acme")).isEqualTo("1.0.0 ACTIVE");
        assertThat(lab.info("acme").orElseThrow().origin()).isEqualTo("installed");
        Files.delete(jar);
        restart();
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        lab.features().remove("acme");
        assertThat(lab.told("acme")).isEqualTo("absent");
        restart();
        TestBundle.of("after", "1.0.0").in(lab.dropIns);
        lab.awaitTold("after", "1.0.0 ACTIVE");
        assertThat(lab.told("acme")).isEqualTo("absent");
        // What notes that something is starting is taken away a moment after it has.
        var left = root.resolve("data/features").toFile();
        Lab.await(
                Duration.ofSeconds(10),
                () -> left.list().length == 0,
                () -> Arrays.toString(left.list()));
    }

    @Test
    void H1_installing_again_updates_and_update_reads_the_file_again() throws Exception {
        lab.install(TestBundle.of("acme", "1.0.0").at(store.resolve("acme.jar")));
        lab.install(TestBundle.of("acme", "1.1.0").at(store.resolve("other.jar")));
        assertThat(lab.told("acme")).isEqualTo("1.1.0 ACTIVE");
        TestBundle.of("acme", "1.2.0").at(store.resolve("other.jar"));
        lab.features().update("acme");
        assertThat(lab.told("acme")).isEqualTo("1.2.0 ACTIVE");
        var old = TestBundle.of("acme", "1.0.0").at(store.resolve("old.jar"));
        lab.install(old);
        assertThat(lab.told("acme")).as("going back is allowed").isEqualTo("1.0.0 ACTIVE");
        restart();
        lab.awaitTold("acme", "1.0.0 ACTIVE");
    }

    @Test
    void H6_a_bundle_that_needs_a_newer_contract_is_refused_with_a_sentence() throws Exception {
        var jar = TestBundle.of("acme-host", "1.0.0").imports("own.api;version=\"[1.2,2)\"");
        var refused = refused(() -> lab.install(jar.in(store)));
        assertThat(refused.reason()).isEqualTo(Reason.UNRESOLVED);
        assertThat(refused).hasMessage("acme-host needs own.api 1.2, this host has 1.1");
        assertThat(lab.told("acme-host")).isEqualTo("absent");
        assertThat(root.resolve("data/features")).isEmptyDirectory();
    }

    @Test
    void S8_an_update_that_does_not_resolve_disturbs_nobody() throws Exception {
        lab.install(TestBundle.of("acme", "1.0.0").activator(Counting.class).in(store));
        var starts = Integer.getInteger("acme.starts");
        var jar = TestBundle.of("acme", "2.0.0").imports("own.api;version=2").in(store);
        assertThat(refused(() -> lab.install(jar)))
                .hasMessage("acme needs own.api 2.0, this host has 1.1");
        assertThat(lab.told("acme")).isEqualTo("1.0.0 ACTIVE");
        assertThat(Integer.getInteger("acme.starts")).isEqualTo(starts);
        restart();
        lab.awaitTold("acme", "1.0.0 ACTIVE");
    }

    @Test
    void S8_an_update_that_does_not_start_is_taken_back() throws Exception {
        lab.install(TestBundle.of("acme", "1.0.0").activator(Counting.class).in(store));
        var starts = Integer.getInteger("acme.starts");
        var jar = TestBundle.of("acme", "2.0.0").activator(Throwing.class).in(store);
        var refused = refused(() -> lab.install(jar));
        assertThat(refused.reason()).isEqualTo(Reason.UNRESOLVED);
        assertThat(refused)
                .hasMessage("acme does not start: java.lang.IllegalStateException: no licence");
        assertThat(lab.told("acme")).isEqualTo("1.0.0 ACTIVE");
        assertThat(Integer.getInteger("acme.starts")).isEqualTo(starts + 1);
    }

    @Test
    void S8_an_update_that_breaks_another_bundle_is_taken_back() throws Exception {
        lab.install(TestBundle.of("lib", "1.0.0").exports("lib;version=1.0").in(store));
        lab.install(TestBundle.of("user", "1.0.0").imports("lib;version=\"[1,2)\"").in(store));
        var jar = TestBundle.of("lib", "2.0.0").exports("lib;version=2.0").in(store);
        assertThat(refused(() -> lab.install(jar)))
                .hasMessage("user needs lib older than 2.0, this host has 2.0");
        assertThat(lab.told("lib")).isEqualTo("1.0.0 ACTIVE");
        assertThat(lab.told("user")).isEqualTo("1.0.0 ACTIVE");
    }

    @Test
    void S8_a_start_that_blocks_is_given_up() throws Exception {
        lab.install(TestBundle.of("acme", "1.0.0").in(store));
        var jar = TestBundle.of("acme", "2.0.0").activator(Blocking.class).in(store);
        assertThat(refused(() -> lab.install(jar)).reason()).isEqualTo(Reason.UNRESOLVED);
        assertThat(lab.told("acme")).isEqualTo("1.0.0 ACTIVE");
    }

    @Test
    void only_bundles_that_are_wired_to_what_changes_are_restarted() throws Exception {
        lab.install(
                TestBundle.of("lib", "1.0.0").exports("lib").activator(Counting.class).in(store));
        lab.install(TestBundle.of("user", "1").imports("lib").activator(Counting.class).in(store));
        lab.install(TestBundle.of("other", "1").activator(Counting.class).in(store));
        var user = Integer.getInteger("user.starts");
        var other = Integer.getInteger("other.starts");
        lab.install(TestBundle.of("lib", "1.1.0").exports("lib").in(store));
        assertThat(Integer.getInteger("user.starts")).isEqualTo(user + 1);
        assertThat(Integer.getInteger("other.starts")).isEqualTo(other);
        lab.features().remove("lib");
        assertThat(lab.told("user")).isEqualTo("1.0.0 INSTALLED");
        assertThat(lab.info("user").orElseThrow().problem())
                .isEqualTo("user needs lib, which nothing here offers");
        assertThat(lab.told("other")).isEqualTo("1.0.0 ACTIVE");
        assertThat(Integer.getInteger("other.starts")).isEqualTo(other);
    }

    @Test
    void one_of_the_hosts_own_can_be_updated_and_is_put_back_when_that_is_removed()
            throws Exception {
        lab.install(TestBundle.of("own", "1.1.0").exports("own.api;version=1.1").in(store));
        assertThat(lab.told("own")).isEqualTo("1.1.0 ACTIVE");
        restart();
        lab.awaitTold("own", "1.1.0 ACTIVE");
        lab.features().remove("own");
        assertThat(lab.told("own")).isEqualTo("1.0.0 ACTIVE");
        assertThat(lab.info("own").orElseThrow().origin()).isEqualTo("built-in");
    }

    @Test
    void one_of_the_hosts_own_can_be_read_again_stopped_and_started() throws Exception {
        lab.features().update("own");
        assertThat(lab.told("own")).isEqualTo("1.0.0 ACTIVE");
        lab.features().stop("own");
        assertThat(lab.told("own")).isEqualTo("1.0.0 RESOLVED");
        lab.features().update(String.valueOf(lab.bundle("own").getBundleId()));
        assertThat(lab.told("own")).as("stays stopped").doesNotContain("ACTIVE");
        lab.features().start("own");
        assertThat(lab.told("own")).isEqualTo("1.0.0 ACTIVE");
    }

    @Test
    void what_cannot_be_done_is_refused_with_its_reason() throws Exception {
        assertRefused(Reason.PROTECTED, "came with the host", () -> lab.features().remove("own"));
        assertRefused(Reason.NOT_FOUND, "nobody", () -> lab.features().remove("nobody"));
        assertRefused(Reason.NOT_FOUND, "nobody", () -> lab.features().start("nobody"));
        assertRefused(Reason.NOT_FOUND, "nobody", () -> lab.features().stop("nobody"));
        assertRefused(Reason.NOT_FOUND, "nobody", () -> lab.features().update("nobody"));
        assertRefused(
                Reason.INVALID,
                "of no scheme",
                () -> lab.features().install(URI.create("ftp://example.com/a.jar")));
        assertRefused(
                Reason.IO,
                "queue is not there",
                () -> lab.features().install(URI.create("https://example.com/a.jar")));
        assertRefused(
                Reason.INVALID,
                "a password is not kept",
                () -> lab.features().install(URI.create("https://me:word@example.com/a.jar")));
        assertRefused(Reason.NOT_FOUND, "no file", () -> lab.install(store.resolve("none.jar")));
        assertRefused(Reason.NOT_FOUND, "no file", () -> lab.install(root));
        var text = Files.writeString(root.resolve("a.jar"), "text");
        assertRefused(Reason.INVALID, "neither a bundle", () -> lab.install(text));
        var nameless = Files.writeString(root.resolve("a.json"), "{ \"bundles\": 3 }");
        assertRefused(Reason.INVALID, "no feature file", () -> lab.install(nameless));
        var plain = TestBundle.of("", "1").header("Bundle-SymbolicName", "").in(store);
        assertRefused(Reason.INVALID, "", () -> lab.install(plain));
        var older = TestBundle.of("own", "0.9.0").in(store);
        assertRefused(Reason.INVALID, "older than the host's", () -> lab.install(older));
    }

    @Test
    void a_bundle_that_lies_in_the_drop_in_folder_is_replaced_there() throws Exception {
        TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        var next = TestBundle.of("acme", "1.1.0").in(store);
        assertRefused(Reason.PROTECTED, lab.dropIns.toString(), () -> lab.install(next));
    }

    @Test
    void H2_many_swaps_leave_nothing_behind() throws Exception {
        lab.install(TestBundle.of("acme", "1.0.0").in(store));
        var threads = Thread.activeCount();
        var loaders = new ArrayList<WeakReference<ClassLoader>>();
        for (var n = 1; n <= 30; n++) {
            loaders.add(new WeakReference<>(loaderOf("acme")));
            lab.install(
                    TestBundle.of("acme", "1.0." + n)
                            .activator(Counting.class)
                            .at(store.resolve("acme.jar")));
        }
        assertThat(lab.told("acme")).isEqualTo("1.0.30 ACTIVE");
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        Lab.await(
                Duration.ofSeconds(10),
                () -> {
                    System.gc();
                    return loaders.stream().allMatch(loader -> loader.get() == null);
                },
                () -> loaders.stream().filter(loader -> loader.get() != null).count() + " leak");
        try (var copies = Files.walk(root.resolve("data"))) {
            assertThat(copies.filter(p -> p.toString().endsWith(".jar"))).hasSizeLessThan(8);
        }
    }

    private ClassLoader loaderOf(String name) {
        return lab.bundle(name).adapt(BundleWiring.class).getClassLoader();
    }

    private void restart() throws Exception {
        lab.close();
        lab = new Lab(root);
    }

    private static FeatureException refused(ThrowingCallable call) {
        return catchThrowableOfType(FeatureException.class, call);
    }

    private static void assertRefused(Reason reason, String words, ThrowingCallable call) {
        var refused = refused(call);
        assertThat(refused).isNotNull().hasMessageContaining(words);
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
    }
}
