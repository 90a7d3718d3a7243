package dev.capstan.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.host.spi.HostResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Packs a host of one class, with what an author's build makes of its annotations. */
public final class PluginJar {
    private static final String COMPONENT =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%2$s">
              <property name="%1$s" value="%2$s"/>
              <property name="%3$s" value="%2$s"/>
              <service><provide interface="%4$s"/></service>
              <implementation class="%5$s"/>
            </scr:component>
            """;

    private PluginJar() {}

    /**
     * Writes the bundle {@code test.ID}.
     *
     * @param jar where; its folder is made
     * @param id of the host, and the scheme of its links
     * @param host its class, which has no others within
     * @param imports the packages it uses
     */
    public static void write(
            Path jar, String id, Class<? extends HostResolver> host, String... imports)
            throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "test." + id);
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Service-Component", "OSGI-INF/host.xml");
        main.putValue("Import-Package", String.join(",", imports));
        var component =
                COMPONENT.formatted(
                        HostResolver.ID,
                        id,
                        HostResolver.SCHEMES,
                        HostResolver.class.getName(),
                        host.getName());
        var code = host.getName().replace('.', '/') + ".class";
        Files.createDirectories(jar.getParent());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var in = host.getClassLoader().getResourceAsStream(code)) {
            out.putNextEntry(new JarEntry("OSGI-INF/host.xml"));
            out.write(component.getBytes(UTF_8));
            out.putNextEntry(new JarEntry(code));
            out.write(in.readAllBytes());
        }
    }
}
