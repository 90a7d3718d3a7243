package dev.capstan.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.play.SealedBundle;
import dev.capstan.itest.play.SealedHost;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H1, H6: plug-ins from a server and from the drop-in folder, in the packaged program. */
class PluginsTest {
    @TempDir Path root;

    @Test
    @DisplayName("H1: a bundle and a feature are installed from a server, updated, and removed")
    void whatLiesOnAServerIsInstalledUpdatedAndRemoved() throws Exception {
        var capstan = new Capstan(root);
        var control = new Control(capstan.data(), capstan.folder());
        try (var origin = Origin.plain();
                var host = capstan.startHost()) {
            serve(origin, "/acme.jar", bundle("test.acme", "1.0.0", "dev.capstan.host.spi"));
            var acme = origin.uri("/acme.jar").toString();

            assertThat(control.done("install", acme)).isEqualTo("Installed test.acme.\n");
            assertThat(bundles(control)).containsPattern("active +test.acme +1.0.0");

            serve(origin, "/acme.jar", bundle("test.acme", "1.1.0", "dev.capstan.host.spi"));
            control.done("features", "update", "test.acme");
            assertThat(bundles(control)).containsPattern("active +test.acme +1.1.0");

            serve(origin, "/acme.jar", bundle("test.acme", "1.2.0", "com.acme.absent"));
            var broken = control.call("features", "update", "test.acme");
            assertThat(broken.exit()).isEqualTo(1);
            assertThat(broken.err())
                    .contains("test.acme needs com.acme.absent, which nothing here offers");
            assertThat(bundles(control)).containsPattern("active +test.acme +1.1.0");

            serve(origin, "/set/one-1.0.0.jar", bundle("test.one", "1.0.0", "org.osgi.framework"));
            serve(origin, "/two.jar", bundle("test.two", "1.0.0", "org.osgi.framework"));
            serve(origin, "/set/feature.json", FEATURE.getBytes(UTF_8));
            assertThat(control.done("install", origin.uri("/set/feature.json").toString()))
                    .isEqualTo("Installed test.one, test.two.\n");
            assertThat(control.done("features")).containsPattern("set +1.0.0 +started +installed");

            control.done("features", "remove", "set", "test.acme");
            assertThat(bundles(control)).doesNotContain("test.");

            var none = control.call("install", origin.uri("/none.jar").toString());
            assertThat(none.exit()).isEqualTo(1);
            assertThat(none.err()).contains("It was not fetched: ").contains("404");
            assertThat(control.list()).as("plug-ins are no downloads of the user's").isEmpty();
            assertThat(host.terminate().exit()).isZero();
        }
    }

    @Test
    @DisplayName("H1, H4: get knows the links of a host in the drop-in folder,")
    void getKnowsTheLinksOfADropIn() throws Exception {
        var capstan = new Capstan(root);
        SealedBundle.write(capstan.data().resolve("bundles/sealed.jar"));
        try (var origin = Origin.plain()) {
            var plain = Body.random(300_000, 7);
            serve(origin, "/one.bin", SealedHost.seal(plain.bytes()));

            var link = origin.uri("/one.bin").toString().replaceFirst("http", "sealed");
            var got = capstan.run("get", link);

            assertThat(got.exit()).as(got.err()).isZero();
            assertThat(got.out()).isEqualTo(plain.sha256() + "  one.bin\n");
            assertThat(capstan.run("hosts").out()).contains("sealed");
        }
    }

    private static final String FEATURE =
            """
            {
              "feature-resource-version": "1.0",
              "id": "com.acme:set:1.0.0",
              "bundles": [
                { "id": "com.acme:one:1.0.0" },
                { "id": "com.acme:two:1.0.0", "location": "../two.jar" }
              ],
              "configurations": { "com.acme.set": { "colour": "red" } }
            }
            """;

    private static String bundles(Control control) throws IOException {
        return control.done("features", "--bundles");
    }

    private static void serve(Origin origin, String path, byte[] body) {
        origin.serve(path, Resource.of(Body.of(body)).etag("\"" + Arrays.hashCode(body) + "\""));
    }

    private static byte[] bundle(String name, String version, String imports) throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", imports);
        var bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }
}
