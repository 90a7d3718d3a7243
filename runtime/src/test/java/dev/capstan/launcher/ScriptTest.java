package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code capstan}, beside a jar of the tests. */
class ScriptTest {

    private static final String JAVA_HOME = System.getProperty("java.home");

    @TempDir Path folder;
    private Path script;

    @BeforeEach
    void install() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: there is no /bin/bash");
        var runtime = Files.createDirectories(folder.resolve("a b/runtime"));
        script = Files.copy(Path.of("capstan"), runtime.resolve("capstan"));
        Files.copy(Path.of("jvm.options"), runtime.resolve("jvm.options"));
        var target = Files.createDirectories(runtime.resolve("target"));
        Lab.distribution(target, Lab.errand(target));
    }

    private record Outcome(int exit, String said) {}

    private Outcome run(Map<String, String> environment, Path program, String... words)
            throws Exception {
        var command = new ArrayList<>(List.of("/bin/bash", program.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder.toFile());
        builder.environment().put("CAPSTAN_HOME", folder.resolve("data").toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), said);
    }

    private Outcome run(Path program, String... words) throws Exception {
        return run(Map.of("JAVA_HOME", JAVA_HOME), program, words);
    }

    @Test
    void wordsAndExitCodePassUnchanged() throws Exception {
        assertThat(run(script, "words", "a  b", "*", ""))
                .isEqualTo(new Outcome(0, "[words, a  b, *, ]\n"));
        assertThat(run(script, "exit", "29").exit()).isEqualTo(29);
    }

    @Test
    void itIsFoundThroughLinks() throws Exception {
        var near = Files.createSymbolicLink(folder.resolve("near"), Path.of("a b/runtime/capstan"));
        var far = Files.createDirectories(folder.resolve("bin")).resolve("capstan");
        Files.createSymbolicLink(far, Path.of("../near"));

        assertThat(run(near, "words").said()).isEqualTo("[words]\n");
        assertThat(run(folder.relativize(near), "words").said()).isEqualTo("[words]\n");
        assertThat(run(folder.relativize(far), "words").said()).isEqualTo("[words]\n");
    }

    @Test
    void aLocaleThatIsNamedAndNotInstalledIsNotBelieved() throws Exception {
        var environment =
                Map.of("JAVA_HOME", JAVA_HOME, "LC_ALL", "", "LC_CTYPE", "", "LANG", "xx.UTF-8");

        assertThat(run(environment, script, "words").said()).isEqualTo("[words]\n");
    }

    @Test
    void aMissingJarIsBuiltAndOnlyWhatMattersOfThatIsShown() throws Exception {
        var jar = script.resolveSibling("target/capstan.jar");
        var built = Files.move(jar, folder.resolve("built.jar"));

        assertThat(run(maven("cp '" + built + "' runtime/target/capstan.jar"), script, "words"))
                .isEqualTo(
                        new Outcome(
                                0,
                                """
                                capstan: building runtime/target/capstan.jar, once ...
                                    1/2  Capstan API
                                    2/2  Capstan runtime
                                [words]
                                """));
    }

    @Test
    void aBuildThatFailsIsTheEnd() throws Exception {
        Files.delete(script.resolveSibling("target/capstan.jar"));

        assertThat(run(maven("echo '[ERROR] no such word'; exit 1"), script, "words"))
                .isEqualTo(
                        new Outcome(
                                1,
                                """
                                capstan: building runtime/target/capstan.jar, once ...
                                    1/2  Capstan API
                                    2/2  Capstan runtime
                                [ERROR] no such word
                                capstan: The build failed; what it said is above.
                                """));
    }

    /** The environment of a Maven that says what Maven says, and then does something else. */
    private Map<String, String> maven(String end) throws IOException {
        var maven = Files.createDirectories(folder.resolve("maven")).resolve("mvn");
        var text =
                """
                #!/bin/sh
                echo '[INFO] Building Capstan API 1.0                          [1/2]'
                echo '[WARNING] somewhere.java:[3,5] something'
                echo '[INFO] Building jar: /somewhere/api-1.0.jar'
                echo '[INFO] Building Capstan runtime 1.0                      [2/2]'
                """;
        Files.writeString(maven, text + end + "\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        var path = maven.getParent() + ":" + System.getenv("PATH");
        return Map.of("JAVA_HOME", JAVA_HOME, "PATH", path);
    }

    @Test
    void javaOnThePathWillDo() throws Exception {
        var path = JAVA_HOME + "/bin:" + System.getenv("PATH");

        assertThat(run(Map.of("JAVA_HOME", "", "PATH", path), script, "words").said())
                .isEqualTo("[words]\n");
    }

    @Test
    void aMissingJavaIsToldPlainly() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", "", "PATH", "/nowhere"), script, "words"))
                .isEqualTo(
                        new Outcome(
                                1,
                                "capstan: Java is missing. Install Java 17 or newer, or set"
                                        + " JAVA_HOME.\n"));
        assertThat(run(Map.of("JAVA_HOME", "/nowhere"), script, "words").said())
                .isEqualTo("capstan: JAVA_HOME is /nowhere, but there is no bin/java in it.\n");
    }

    @Test
    void anOldJavaIsToldPlainly() throws Exception {
        var old = Files.createDirectories(folder.resolve("old/bin")).resolve("java");
        Files.writeString(old, "#!/bin/sh\necho '    java.version = 11.0.2' >&2\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        var home = folder.resolve("old").toString();

        assertThat(run(Map.of("JAVA_HOME", home), script, "words").said())
                .contains("Java 17 or newer is needed", "is 11.0.2");

        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"1.8.0_392\"\n");
        assertThat(run(Map.of("JAVA_HOME", home), script, "words").said())
                .contains("Java 17 or newer is needed", "is 1.8.0_392");
    }
}
