package dev.capstan.itest.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that the page for authors tells, in its order and with names of the author's own, without a
 * network. It takes Maven three times, so it runs in CI, and where it is asked for: {@code
 * -Dcapstan.kit=true}.
 */
@EnabledIf("isAskedFor")
class NewHostTest {
    private static final Body BODY = Body.random(1_000_000, 1);

    @TempDir Path root;

    static boolean isAskedFor() {
        return Boolean.getBoolean("capstan.kit") || "true".equals(System.getenv("CI"));
    }

    @Test
    @DisplayName("H4: from nothing to a finished download")
    void fromNothingToADownload() throws Exception {
        var project = root.resolve("nuts-host");
        try (var repository = BuiltRepository.make(root.resolve("repository"))) {
            var mvn = "mvn -o -q -B -Dmaven.repo.local=" + repository.folder();
            run(
                    root,
                    mvn
                            + " org.apache.maven.plugins:maven-archetype-plugin:3.4.1:generate"
                            + " -DarchetypeGroupId=dev.capstan"
                            + " -DarchetypeArtifactId=dev.capstan.archetype.host"
                            + " -DarchetypeCatalog=internal -DinteractiveMode=false"
                            + " -DarchetypeVersion="
                            + System.getProperty("capstan.version")
                            + " -DgroupId=io.nuts -DartifactId=nuts-host -Dpackage=io.nuts.host"
                            + " -Dhost=my-nuts -DName=Nuts");
            run(project, mvn + " verify");
        }
        var jar = project.resolve("target/nuts-host-1.0.0-SNAPSHOT.jar");

        var capstan = new Capstan(root.resolve("capstan"));
        try (var server = Origin.plain().serve("/file.bin", Resource.of(BODY));
                var host = capstan.startHost()) {
            ExampleHost.dropInto(capstan.data(), Files.readAllBytes(jar));
            Capstan.await("it is listed", () -> hosts(capstan).contains("my-nuts"));
            var link = "my-nuts://" + server.uri("/file.bin").getAuthority() + "/file.bin";

            var result = capstan.run("get", link);

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.out()).startsWith(BODY.sha256());
            assertThat(host.terminate().exit()).isZero();
        }
    }

    private static String hosts(Capstan capstan) {
        try {
            return capstan.run("hosts").out();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void run(Path folder, String command) throws Exception {
        var log = folder.resolve("maven.log");
        var process =
                new ProcessBuilder(command.split(" "))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(command).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
