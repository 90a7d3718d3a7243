package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.name.SafeNames;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** S3 over whatever the service may call a track. */
class NameTemplatePropertyTest {

    @Property(tries = 500)
    void whateverTheServiceNamesStaysInsideTheRoot(@ForAll String artist, @ForAll String title) {
        var template = new NameTemplate("{artist}/{title}");
        var path = template.path(Map.of("artist", artist, "title", title), " (preview).mp3");

        var root = Path.of("/root");
        var placed = SafeNames.resolve(root, String.join("/", path));
        assertThat(path).hasSize(2);
        assertThat(placed.startsWith(root)).isTrue();
        assertThat(placed.getNameCount()).isEqualTo(3);
        assertThat(path.get(1)).endsWith(".mp3");
    }
}
