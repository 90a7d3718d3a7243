package dev.capstan.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "a.html, text/html;charset=utf-8",
        "a.js, text/javascript;charset=utf-8",
        "a.css, text/css;charset=utf-8",
        "a.svg, image/svg+xml;charset=utf-8"
    })
    void aFileSaysWhatItIs(String name, String type) throws Exception {
        var resource = Resource.of(file(name, "text")).orElseThrow();

        assertThat(resource.type()).isEqualTo(type);
        assertThat(new String(resource.bytes(), StandardCharsets.UTF_8)).isEqualTo("text");
    }

    @Test
    void whatIsNothingForABrowserIsLeftOut() throws Exception {
        assertThat(Resource.of(file("a.class", "x"))).isEmpty();
        assertThat(Resource.of(file("js", "x"))).isEmpty();
    }

    @Test
    void itsTagChangesWithItsBytesAlone() throws Exception {
        var one = Resource.of(file("one.js", "text")).orElseThrow();
        var same = Resource.of(file("same.js", "text")).orElseThrow();
        var other = Resource.of(file("other.js", "texts")).orElseThrow();

        assertThat(one.tag()).isEqualTo(same.tag()).isNotEqualTo(other.tag()).matches("\"[^\"]+\"");
    }

    @Test
    void aRequestThatNamesItsTagHasItAlready() throws Exception {
        var resource = Resource.of(file("a.js", "text")).orElseThrow();
        var tag = resource.tag();

        assertThat(resource.isKnownBy(tag)).isTrue();
        assertThat(resource.isKnownBy("\"x\", W/" + tag)).isTrue();
        assertThat(resource.isKnownBy("*")).isTrue();
        assertThat(resource.isKnownBy("\"x\"")).isFalse();
        assertThat(resource.isKnownBy("")).isFalse();
    }

    private URL file(String name, String text) throws IOException, MalformedURLException {
        return Files.writeString(folder.resolve(name), text).toUri().toURL();
    }
}
