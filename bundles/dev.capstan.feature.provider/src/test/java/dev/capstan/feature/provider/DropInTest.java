package dev.capstan.feature.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.feature.provider.inside.Counting;
import dev.capstan.feature.provider.inside.Throwing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropInTest {
    @TempDir Path root;
    private Lab lab;

    private void begin() throws Exception {
        lab = new Lab(root);
    }

    @AfterEach
    void end() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void H1_a_jar_is_started_within_two_seconds_replaced_and_removed() throws Exception {
        begin();
        var jar = TestBundle.of("acme", "1.0.0").at(lab.dropIns.resolve("acme.jar"));
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        assertThat(lab.info("acme").orElseThrow().origin()).isEqualTo("drop-in");

        TestBundle.of("acme", "1.1.0").at(jar);
        lab.awaitTold("acme", "1.1.0 ACTIVE");

        Files.delete(jar);
        lab.awaitTold("acme", "absent");
    }

    @Test
    void H1_a_jar_that_was_there_before_the_host_is_started_with_it() throws Exception {
        TestBundle.of("acme", "1.0.0").in(root.resolve("data/bundles"));
        begin();
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        lab.close();
        begin();
        lab.awaitTold("acme", "1.0.0 ACTIVE");
    }

    @Test
    void H1_a_new_version_under_another_file_name_is_an_update() throws Exception {
        begin();
        var old = TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        var id = lab.bundle("acme").getBundleId();
        var next = TestBundle.of("acme", "1.1.0").in(root);
        Files.delete(old);
        Files.move(next, lab.dropIns.resolve("acme-1.1.0.jar"));
        lab.awaitTold("acme", "1.1.0 ACTIVE");
        assertThat(lab.bundle("acme").getBundleId()).isEqualTo(id);
    }

    @Test
    void H1_of_two_versions_the_newer_runs_and_the_older_when_that_goes() throws Exception {
        begin();
        TestBundle.of("acme", "1.10.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.10.0 ACTIVE");
        TestBundle.of("acme", "1.9.0").in(lab.dropIns);
        TestBundle.of("after", "1.0.0").in(lab.dropIns);
        lab.awaitTold("after", "1.0.0 ACTIVE");
        assertThat(lab.told("acme")).isEqualTo("1.10.0 ACTIVE");
        Files.delete(lab.dropIns.resolve("acme-1.10.0.jar"));
        lab.awaitTold("acme", "1.9.0 ACTIVE");
    }

    @Test
    void S8_a_half_copied_jar_is_waited_for_and_what_it_replaces_stays() throws Exception {
        begin();
        var jar = TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        var next = TestBundle.of("acme", "1.1.0").activator(Counting.class).bytes();
        Files.write(jar, Arrays.copyOf(next, next.length / 2));
        TestBundle.of("after", "1.0.0").in(lab.dropIns);
        lab.awaitTold("after", "1.0.0 ACTIVE");
        assertThat(lab.told("acme")).isEqualTo("1.0.0 ACTIVE");
        assertThat(lab.info("acme").orElseThrow().problem()).isNull();
        Files.write(jar, next);
        lab.awaitTold("acme", "1.1.0 ACTIVE");
    }

    @Test
    void S8_what_is_no_bundle_is_passed_over() throws Exception {
        begin();
        Files.writeString(lab.dropIns.resolve("text.jar"), "no jar at all");
        Files.writeString(lab.dropIns.resolve("readme.txt"), "nothing");
        Files.createDirectory(lab.dropIns.resolve("folder.jar"));
        TestBundle.of("hidden", "1.0.0").at(lab.dropIns.resolve(".hidden.jar"));
        TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        assertThat(lab.told("hidden")).isEqualTo("absent");
    }

    @Test
    void H6_a_jar_that_needs_more_than_is_there_is_listed_with_what_is_missing() throws Exception {
        begin();
        TestBundle.of("lib", "1.0.0").exports("acme.lib;version=1.1").in(lab.dropIns);
        TestBundle.of("acme-host", "1.0.0").imports("acme.lib;version=\"[1.2,2)\"").in(lab.dropIns);
        lab.awaitTold("acme-host", "1.0.0 INSTALLED");
        assertThat(lab.info("acme-host").orElseThrow().problem())
                .isEqualTo("acme-host needs acme.lib 1.2, this host has 1.1");
    }

    @Test
    void the_order_in_which_jars_come_does_not_matter() throws Exception {
        begin();
        TestBundle.of("acme", "1.0.0").imports("acme.lib").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 INSTALLED");
        TestBundle.of("lib", "1.0.0").exports("acme.lib").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        lab.awaitNoProblem("acme");
    }

    @Test
    void two_jars_that_need_each_others_new_version_are_updated_together() throws Exception {
        begin();
        TestBundle.of("a", "1.0.0")
                .imports("lib;version=\"[1,2)\"")
                .at(lab.dropIns.resolve("a.jar"));
        TestBundle.of("b", "1.0.0").exports("lib;version=1").at(lab.dropIns.resolve("b.jar"));
        lab.awaitTold("a", "1.0.0 ACTIVE");
        TestBundle.of("a", "1.1.0")
                .imports("lib;version=\"[1.1,2)\"")
                .at(lab.dropIns.resolve("a.jar"));
        TestBundle.of("b", "1.1.0").exports("lib;version=1.1").at(lab.dropIns.resolve("b.jar"));
        lab.awaitTold("a", "1.1.0 ACTIVE");
        lab.awaitTold("b", "1.1.0 ACTIVE");
    }

    @Test
    void S8_an_update_that_does_not_resolve_leaves_the_old_version_running() throws Exception {
        begin();
        var jar =
                TestBundle.of("acme", "1.0.0")
                        .activator(Counting.class)
                        .at(lab.dropIns.resolve("acme.jar"));
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        var starts = Integer.getInteger("acme.starts");
        TestBundle.of("acme", "1.1.0").imports("acme.missing;version=3").at(jar);
        Lab.await(
                Lab.SOON,
                () -> lab.info("acme").orElseThrow().problem() != null,
                () -> "no problem");
        assertThat(lab.info("acme").orElseThrow().problem())
                .isEqualTo("acme needs acme.missing 3.0, which nothing here offers");
        assertThat(lab.told("acme")).isEqualTo("1.0.0 ACTIVE");
        assertThat(Integer.getInteger("acme.starts")).as("not even restarted").isEqualTo(starts);

        TestBundle.of("acme", "1.2.0").at(jar);
        lab.awaitTold("acme", "1.2.0 ACTIVE");
        lab.awaitNoProblem("acme");
    }

    @Test
    void S8_a_jar_that_throws_is_named_and_harms_nobody() throws Exception {
        begin();
        TestBundle.of("bad", "1.0.0").activator(Throwing.class).in(lab.dropIns);
        TestBundle.of("good", "1.0.0").in(lab.dropIns);
        lab.awaitTold("good", "1.0.0 ACTIVE");
        lab.awaitTold("bad", "1.0.0 RESOLVED");
        assertThat(lab.info("bad").orElseThrow().problem())
                .isEqualTo("bad does not start: java.lang.IllegalStateException: no licence");
    }

    @Test
    void a_drop_in_stands_in_for_one_of_the_hosts_own_while_it_is_there() throws Exception {
        Lab.builtIn(root, TestBundle.of("own", "1.0.0"));
        begin();
        var jar = TestBundle.of("own", "1.1.0").in(lab.dropIns);
        lab.awaitTold("own", "1.1.0 ACTIVE");
        assertThat(lab.info("own").orElseThrow().origin()).isEqualTo("drop-in");
        Files.delete(jar);
        lab.awaitTold("own", "1.0.0 ACTIVE");
    }

    @Test
    void a_drop_in_that_is_older_than_the_hosts_own_is_refused() throws Exception {
        Lab.builtIn(root, TestBundle.of("own", "2.0.0"));
        TestBundle.of("own", "1.0.0").in(root.resolve("data/bundles"));
        begin();
        Lab.await(Lab.SOON, () -> lab.info("own").orElseThrow().problem() != null, () -> "nothing");
        assertThat(lab.info("own").orElseThrow().problem())
                .isEqualTo("own 1.0.0 is older than the host's own 2.0.0");
        assertThat(lab.told("own")).isEqualTo("2.0.0 ACTIVE");
    }

    @Test
    void what_the_operator_stopped_stays_stopped() throws Exception {
        begin();
        TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        lab.features().stop("acme");
        TestBundle.of("after", "1.0.0").in(lab.dropIns);
        lab.awaitTold("after", "1.0.0 ACTIVE");
        assertThat(lab.told("acme")).isEqualTo("1.0.0 RESOLVED");
        TestBundle.of("acme", "1.1.0").at(lab.dropIns.resolve("acme-1.0.0.jar"));
        lab.awaitTold("acme", "1.1.0 INSTALLED");
        lab.features().start("acme");
        assertThat(lab.told("acme")).isEqualTo("1.1.0 ACTIVE");
    }

    @Test
    void a_drop_in_is_removed_by_name_with_its_file() throws Exception {
        begin();
        var jar = TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        lab.features().remove("acme");
        assertThat(lab.told("acme")).isEqualTo("absent");
        assertThat(jar).doesNotExist();
    }

    @Test
    void a_folder_that_is_replaced_is_watched_on() throws Exception {
        begin();
        TestBundle.of("acme", "1.0.0").in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        Files.move(lab.dropIns, root.resolve("elsewhere"));
        lab.awaitTold("acme", "absent");
        Files.move(
                root.resolve("elsewhere/acme-1.0.0.jar"),
                Files.createDirectories(lab.dropIns).resolve("acme.jar"),
                StandardCopyOption.ATOMIC_MOVE);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
    }

    @Test
    void a_provider_that_comes_back_finds_its_own_again() throws Exception {
        begin();
        TestBundle.of("acme", "1.0.0").activator(Counting.class).in(lab.dropIns);
        lab.awaitTold("acme", "1.0.0 ACTIVE");
        var starts = Integer.getInteger("acme.starts");
        lab.restartProvider();
        Lab.await(
                Lab.SOON,
                () -> lab.info("acme").orElseThrow().origin().equals("drop-in"),
                () -> lab.info("acme").toString());
        assertThat(Integer.getInteger("acme.starts")).isEqualTo(starts);
        Files.delete(lab.dropIns.resolve("acme-1.0.0.jar"));
        lab.awaitTold("acme", "absent");
    }
}
