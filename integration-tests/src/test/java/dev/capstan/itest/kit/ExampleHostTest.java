package dev.capstan.itest.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that knows nothing of this repository but its contracts. */
class ExampleHostTest {
    private static final Body BODY = Body.random(3_000_000, 1);
    private static final Body SMALL = Body.random(30_000, 2);

    @TempDir Path root;

    private final Origin server =
            Origin.plain()
                    .serve("/folder/a.bin", Resource.of(BODY))
                    .serve("/folder/b%20c.bin", Resource.of(SMALL))
                    .serve(
                            "/folder/",
                            exchange ->
                                    exchange.answer(
                                            200,
                                            """
                                            <a href="../">Up</a> <a href="a.bin">a.bin</a>
                                            <a href="b%20c.bin">b c.bin</a>
                                            """));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @DisplayName("H4, H6: dropped into a running host, it serves; a newer contract is named")
    void deployed() throws Exception {
        var capstan = new Capstan(root);
        try (var host = capstan.startHost()) {
            ExampleHost.dropInto(
                    capstan.data(), ExampleHost.needing("dev.capstan.host.spi", "[1.2,2)"));
            Capstan.await(
                    "a sentence of what is missing",
                    () ->
                            output(capstan, "features", "--bundles")
                                    .contains(
                                            "acme-host needs dev.capstan.host.spi 1.2,"
                                                    + " this host has 1.0"));
            assertThat(output(capstan, "doctor", "--quick"))
                    .contains("broken   bundles", "acme-host needs dev.capstan.host.spi 1.2, this")
                    .doesNotContain("osgi.wiring");
            java.nio.file.Files.delete(capstan.data().resolve("bundles/acme-host.jar"));
            ExampleHost.dropInto(capstan.data(), ExampleHost.jar());
            Capstan.await("the host is listed", () -> output(capstan, "hosts").contains("acme"));

            var file = capstan.run("get", acme("/folder/a.bin"));
            assertThat(file.exit()).as(file.err()).isZero();
            assertThat(file.out()).startsWith(BODY.sha256());
            var folder = capstan.run("get", acme("/folder/"));
            assertThat(folder.exit()).as(folder.err()).isZero();
            assertThat(folder.out()).contains(BODY.sha256(), SMALL.sha256(), "b c.bin");
            assertThat(host.terminate().exit()).isZero();
        }
    }

    @Test
    @DisplayName("H4: get finds a host that was put into the folder, without a host that runs")
    void getAlone() throws Exception {
        var capstan = new Capstan(root);
        ExampleHost.dropInto(capstan.data(), ExampleHost.jar());

        var result = capstan.run("get", acme("/folder/a.bin"));

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).startsWith(BODY.sha256());
    }

    private String acme(String path) {
        return "acme://" + server.uri(path).getRawAuthority() + path;
    }

    private static String output(Capstan capstan, String... command) {
        try {
            return capstan.run(command).out();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
