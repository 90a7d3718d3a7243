package dev.capstan.launcher;

import static dev.capstan.launcher.ControlServer.exit;
import static dev.capstan.launcher.ControlServer.send;
import static dev.capstan.launcher.ControlServer.take;
import static dev.capstan.launcher.ControlServer.takeWords;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packed jar as a process of its own. */
@Timeout(120)
class CapstanTest {

    @TempDir static Path packed;
    private static Path jar;

    @TempDir Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<AutoCloseable> closeables = new ArrayList<>();

    @BeforeAll
    static void pack() throws IOException {
        jar = Lab.distribution(packed, Lab.errand(packed));
    }

    @AfterEach
    void end() throws Exception {
        processes.forEach(Process::destroyForcibly);
        for (var closeable : closeables) {
            closeable.close();
        }
    }

    private record Outcome(int exit, String out, String err) {}

    private Process start(String... command) throws IOException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-jar", jar.toString()));
        words.addAll(List.of(command));
        var builder = new ProcessBuilder(words).redirectError(folder.resolve("err").toFile());
        builder.environment().put("CAPSTAN_HOME", folder.resolve("data").toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        var process = builder.start();
        processes.add(process);
        return process;
    }

    private Outcome run(String... command) throws Exception {
        var process = start(command);
        var out = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), out, Files.readString(folder.resolve("err")));
    }

    /** Starts a command and waits until it says that it waits. */
    private Process waiting(String... command) throws IOException {
        var process = start(command);
        assertThat(process.inputReader().readLine()).isEqualTo("waiting");
        return process;
    }

    private static int exitOf(Process process) throws InterruptedException {
        assertThat(process.waitFor(15, SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void aCommandGetsItsWordsAndGivesItsExitCode() throws Exception {
        assertThat(run("words", "a b", "--", "--data"))
                .extracting(Outcome::exit, Outcome::out)
                .containsExactly(0, "[words, a b, --, --data]\n");
        assertThat(run("exit", "28").exit()).isEqualTo(28);
    }

    @Test
    void versionAndHelpNeedNoDataFolder() throws Exception {
        assertThat(run("version").out()).contains("Capstan 1.2.3", "Java ", "Felix");
        assertThat(run("--help").out()).contains("Usage: capstan get");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void theBundlesLearnWhereTheyAre() throws Exception {
        assertThat(run("property", "capstan.data").out().strip())
                .isEqualTo(folder.resolve("data").toString());
        assertThat(run("property", "capstan.version").out().strip()).isEqualTo("1.2.3");
        assertThat(run("property", "capstan.started").out().strip()).isEqualTo("core");
        var lib = Path.of(run("property", "capstan.lib").out().strip());
        assertThat(lib.resolve("errand-1.0.jar")).exists();
        var features = Path.of(run("property", "capstan.features").out().strip());
        assertThat(features.resolve("core.json")).content().contains("test:core:1.2.3");
    }

    @Test
    void whereTheUserIsAtHomeIsWhatTheEnvironmentSays() throws Exception {
        environment.putAll(Map.of("CAPSTAN_HOME", "", "HOME", folder.resolve("home").toString()));

        assertThat(run("property", "capstan.data").out().strip())
                .isEqualTo(folder.resolve("home/.capstan").toString());
    }

    @Test
    void aLocaleThatCannotNameFilesIsTold() throws Exception {
        assertThat(run("words").err()).isEmpty();

        environment.put("LC_ALL", "C");
        var system = System.getProperty("os.name");
        assumeTrue(system.equals("Linux"), "skipped: file names have no locale on " + system);
        assertThat(run("words").err()).contains("LC_ALL=C.UTF-8").hasLineCount(1);
    }

    @Test
    void configurationReachesTheServiceWithItsTypesAndInItsOrder() throws Exception {
        var etc = Files.createDirectories(folder.resolve("data/etc"));
        Files.writeString(
                etc.resolve("a.json"),
                """
                {"acme": {"n": 7, "f": 1.5, "b": true, "t": "a \\"q\\" = \\\\ ü\\n\\u0001 end",
                          "l": [1, 2], "s": "etc"},
                 "acme.many~one": {"k": "v"}}""");

        assertThat(run("configuration", "acme", "n", "f", "b", "l", "t", "s").out())
                .isEqualTo(
                        """
                        7 Long
                        1.5 Double
                        true Boolean
                        [1, 2] Long[]
                        a "q" = \\ ü\n\u0001 end String
                        etc String
                        """);
        assertThat(run("configuration", "acme.many~one", "k", "service.factoryPid").out())
                .isEqualTo("v String\nacme.many String\n");
        assertThat(run("configuration", "acme", "s", "n", "--set", "acme:s=line").out())
                .isEqualTo("line String\n7 Long\n");
    }

    @Test
    void aWrongSettingStartsNothing() throws Exception {
        var outcome = run("exit", "0", "--set", "dev.capstan.nowhere:k=1", "--set", "x");

        assertThat(outcome.exit()).isEqualTo(28);
        assertThat(outcome.err().lines())
                .containsExactly(
                        "capstan: Nothing is configured by dev.capstan.nowhere.",
                        "capstan: A setting has the form PID:KEY=VALUE, not \"x\".");
        assertThat(folder.resolve("data/osgi")).doesNotExist();
    }

    @Test
    void terminationInterruptsTheCommandAndKeepsItsExitCode() throws Exception {
        var process = waiting("wait", "7");
        var begin = System.nanoTime();
        process.toHandle().destroy();

        assertThat(exitOf(process)).isEqualTo(7);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        assertThat(process.inputReader().readLine()).isEqualTo("interrupted");
    }

    @Test
    void aDaemonThatStopsInGoodOrderExitsWithNought() throws Exception {
        var process = waiting("wait", "0");
        process.toHandle().destroy();

        assertThat(exitOf(process)).isZero();
    }

    @Test
    void aCommandThatIsDeafIsStoppedByTheFramework() throws Exception {
        var process = waiting("deaf", "0");
        var begin = System.nanoTime();
        process.toHandle().destroy();

        assertThat(exitOf(process)).isEqualTo(7);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aSecondHostIsRefusedAtOnceWithTheOthersId() throws Exception {
        var first = waiting("wait", "0");
        var begin = System.nanoTime();
        var outcome = run("run");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo(
                        "capstan: A host already runs on %s: process %d.\n"
                                .formatted(folder.resolve("data"), first.pid()));
    }

    @Test
    void aHostThatDoesNotAnswerIsToldOfAfterTwoSeconds() throws Exception {
        var first = waiting("wait", "0");
        var begin = System.nanoTime();
        var outcome = run("words");

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("capstan: A host runs on " + folder.resolve("data"))
                .contains("process " + first.pid() + ", but does not answer");
    }

    /** A host that runs: the lock and the socket, both the test's own. */
    private ControlServer running() throws Exception {
        var data = DataFolder.open(folder.resolve("data"));
        assertThat(data.own()).isTrue();
        closeables.add(data);
        var server = new ControlServer(data.socket());
        closeables.add(server);
        return server;
    }

    @Test
    void aCommandIsHandedToTheHostThatRuns() throws Exception {
        var words = new ArrayList<String>();
        running()
                .serve(
                        client -> {
                            words.addAll(takeWords(client));
                            send(client, 1, "out\n".getBytes(UTF_8));
                            send(client, 2, "err\n".getBytes(UTF_8));
                            exit(client, 3);
                        });

        assertThat(run("ls", "-a", "--data", folder.resolve("data").toString()))
                .isEqualTo(new Outcome(3, "out\n", "err\n"));
        assertThat(words).containsExactly("ls", "-a");
    }

    @Test
    void terminationOfTheClientInterruptsTheCommandInTheHost() throws Exception {
        running()
                .serve(
                        client -> {
                            takeWords(client);
                            take(client, 5);
                            send(client, 1, "waiting\n".getBytes(UTF_8));
                            assertThat(take(client, 5).get()).isEqualTo((byte) 1);
                            send(client, 1, "unfinished\n".getBytes(UTF_8));
                            exit(client, 7);
                        });
        var process = waiting("get", "link");
        process.toHandle().destroy();

        assertThat(process.inputReader().readLine()).isEqualTo("unfinished");
        assertThat(exitOf(process)).isEqualTo(7);
    }

    @Test
    void aRunningHostTakesNoConfiguration() throws Exception {
        running();
        var outcome = run("ls", "--allow-private-networks");

        assertThat(outcome.exit()).isEqualTo(28);
        assertThat(outcome.err()).contains("It was configured as it started").hasLineCount(1);
    }

    @Test
    void aHostThatGoesAwayIsToldOf() throws Exception {
        running().serve(ControlServer::takeWords);
        var outcome = run("ls");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("capstan: The host on ").contains("is gone");
    }

    @Test
    void aCommandWaitsForAHostThatIsGoingDown() throws Exception {
        var first = waiting("wait", "0");
        var second = start("words");
        first.toHandle().destroy();

        assertThat(second.inputReader().readLine()).isEqualTo("[words]");
        assertThat(exitOf(second)).isZero();
    }

    @Test
    void aKilledHostLeavesNothingInTheWay() throws Exception {
        var first = waiting("wait", "0");
        first.destroyForcibly();
        exitOf(first);

        assertThat(run("words").out()).isEqualTo("[words]\n");
    }

    @Test
    void aWarningIsOneLineOnTheTerminalAndWholeInTheLog() throws Exception {
        var outcome = run("warn");

        assertThat(outcome.err())
                .isEqualTo("capstan: warning: first line second line: the cause\n");
        assertThat(folder.resolve("data/logs/capstan.log"))
                .content()
                .contains("WARNING errand [main] first line second line")
                .contains("java.lang.IllegalStateException: the cause\n\tat ");
    }

    @Test
    void whatBundlesSayWhileTheyStopOnASignalIsKept() throws Exception {
        var process = waiting("wait", "0");
        process.toHandle().destroy();
        exitOf(process);

        assertThat(folder.resolve("data/logs/capstan.log")).content().contains("the errand ends");
    }

    @Test
    void aHostWithNothingToSayIsQuiet() throws Exception {
        assertThat(run("exit", "0")).isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void aFolderThatCannotBeMadeIsToldPlainly() throws Exception {
        Files.writeString(folder.resolve("file"), "");
        var outcome = run("words", "--data", folder.resolve("file/data").toString());

        assertThat(outcome.exit()).isEqualTo(18);
        assertThat(outcome.err()).startsWith("capstan: The data folder ").hasLineCount(1);
    }
}
