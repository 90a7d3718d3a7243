package dev.capstan.itest.play;

import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.host.spi.HostResolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Packs {@link SealedHost} as an author of plug-ins would have it packed. */
public final class SealedBundle {
    private static final String COMPONENT =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="sealed">
              <property name="%s" value="%s"/>
              <property name="%s" value="%s"/>
              <property name="%s" value="%s"/>
              <service>
                <provide interface="%s"/>
                <provide interface="%s"/>
              </service>
              <implementation class="%s"/>
            </scr:component>
            """;

    private SealedBundle() {}

    /** Writes it as a jar. */
    public static void write(Path jar) throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "test.sealed");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Service-Component", "OSGI-INF/sealed.xml");
        main.putValue(
                "Import-Package",
                "dev.capstan.content,dev.capstan.decrypt.spi,dev.capstan.host.spi");
        Files.createDirectories(jar.getParent());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            put(out, "OSGI-INF/sealed.xml", component().getBytes(StandardCharsets.UTF_8));
            for (var type : List.of("SealedHost", "SealedHost$Turning")) {
                var name = "dev/capstan/itest/play/" + type + ".class";
                try (var code = SealedBundle.class.getClassLoader().getResourceAsStream(name)) {
                    put(out, name, code.readAllBytes());
                }
            }
        }
    }

    private static String component() {
        return COMPONENT.formatted(
                HostResolver.ID,
                SealedHost.SCHEME,
                HostResolver.SCHEMES,
                SealedHost.SCHEME,
                Decryptor.SCHEMES,
                SealedHost.CIPHER,
                HostResolver.class.getName(),
                Decryptor.class.getName(),
                SealedHost.class.getName());
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
