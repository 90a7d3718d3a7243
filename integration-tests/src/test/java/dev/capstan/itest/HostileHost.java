package dev.capstan.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * S8: a plug-in that does what its link says, {@code hostile:MODE/NAME}, and none of it is what it
 * must.
 */
public final class HostileHost implements HostResolver {
    private static final String COMPONENT =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="hostile">
              <property name="%s" value="hostile"/>
              <property name="%s" value="hostile"/>
              <service><provide interface="%s"/></service>
              <implementation class="%s"/>
            </scr:component>
            """
                    .formatted(
                            HostResolver.ID,
                            HostResolver.SCHEMES,
                            HostResolver.class.getName(),
                            HostileHost.class.getName());

    private static final int MANY = 10_000_000;

    static void write(Path jar) throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "test.hostile");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Service-Component", "OSGI-INF/hostile.xml");
        main.putValue(
                "Import-Package", "dev.capstan.content,dev.capstan.download,dev.capstan.host.spi");
        Files.createDirectories(jar.getParent());
        var code = HostileHost.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var in = HostileHost.class.getClassLoader().getResourceAsStream(code)) {
            out.putNextEntry(new JarEntry("OSGI-INF/hostile.xml"));
            out.write(COMPONENT.getBytes(UTF_8));
            out.putNextEntry(new JarEntry(code));
            out.write(in.readAllBytes());
        }
    }

    @Override
    public Optional<String> recognise(String link) {
        return link.startsWith("hostile:") ? Optional.of(link) : Optional.empty();
    }

    @Override
    @SuppressWarnings({"InfiniteLoopStatement", "NullAway"})
    public Resolution resolve(String link, ResolveContext context) throws DownloadException {
        switch (link.substring("hostile:".length(), link.indexOf('/'))) {
            case "exception" -> throw new IllegalStateException("marked");
            case "error" -> throw new StackOverflowError();
            case "memory" -> throw new OutOfMemoryError("none left");
            case "linkage" -> throw new NoClassDefFoundError("org/acme/Gone");
            case "nothing" -> {
                return null;
            }
            case "rubbish" -> {
                return new Resolution.Found(
                        RemoteFile.of(
                                new SourceKey("direct", "stolen"),
                                DirectLink.of(URI.create("nowhere"))));
            }
            case "many" -> {
                var entry = new Resolution.Entry("hostile:exception/x", null, null, null, Map.of());
                var page = new Resolution.Page(Collections.nCopies(MANY, entry), "more", null);
                return new Resolution.Listing("endless", cursor -> page);
            }
            case "block" -> {
                while (true) {
                    try {
                        Thread.sleep(Long.MAX_VALUE);
                    } catch (InterruptedException e) {
                        // Whoever wants it to stop is not heard.
                    }
                }
            }
            default -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** All it can do but to hang. */
    static final List<String> QUICK =
            List.of("exception", "error", "memory", "linkage", "nothing", "rubbish");
}
