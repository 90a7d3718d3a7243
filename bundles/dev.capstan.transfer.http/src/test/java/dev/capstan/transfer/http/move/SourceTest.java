package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Validator;
import dev.capstan.transfer.http.wire.Target;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceTest {
    private static final Validator VERSION = new Validator("\"v1\"", null, false, null);

    private Source source;

    @BeforeEach
    void open() throws Exception {
        source = Source.of(new Course.Duplicate(target("/a"), false));
    }

    @Test
    void whatWasProvenOfOneEditionIsNothingForTheNext() {
        assertThat(source.has(0)).isFalse();

        source.has(0, VERSION);

        assertThat(source.has(0)).isTrue();
        assertThat(source.validator(0)).isEqualTo(VERSION);
        assertThat(source.has(1)).isFalse();
        assertThat(source.validator(1)).isEqualTo(Validator.NONE);
    }

    @Test
    void itKnowsWhatItBrought() {
        source.brought(100, 200);

        assertThat(source.hasBrought(0, 100)).isFalse();
        assertThat(source.hasBrought(0, 101)).isTrue();
        assertThat(source.hasBrought(199, 300)).isTrue();

        source.lost(100, 150);

        assertThat(source.hasBrought(0, 150)).isFalse();
        assertThat(source.hasBrought(149, 151)).isTrue();
    }

    @Test
    void equalAddressesAreOneSource() throws Exception {
        assertThat(source.isSameAs(Source.of(new Course.Duplicate(target("/a"), true)))).isTrue();
        assertThat(source.isSameAs(Source.of(new Course.Duplicate(target("/b"), false)))).isFalse();
    }

    private static Target target(String path) throws Exception {
        return Target.of(URI.create("https://one.example" + path));
    }
}
