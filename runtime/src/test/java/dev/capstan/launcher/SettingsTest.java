package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static final String INDEX =
            """
            our.engine=single
            our.engine|segments=Integer|0|1|16|
            our.engine|limit=Long|0|||
            our.engine|share=Double|0|0|1|
            our.engine|open=Boolean|0|||
            our.engine|mode=String|0|||fast safe
            our.engine|letter=Character|0|||
            our.engine|small=Byte|0|||
            our.engine|hosts=String|2147483647|||
            our.engine|ports=Integer|-5|1|65535|
            our.host=factory
            our.host|user=String|0|||
            """;

    @TempDir Path folder;
    private Settings settings;

    @BeforeEach
    void makeSettings() throws Exception {
        var index = new Properties();
        index.load(new StringReader(INDEX));
        settings = new Settings(new Metatype(index, List.of("our.")));
    }

    private String mistakes() {
        return catchThrowableOfType(LaunchException.class, settings::check).sentences();
    }

    @Test
    void laterSourcesWin() throws Exception {
        Files.writeString(
                folder.resolve("b.json"), "{\"our.engine\":{\"segments\":3,\"limit\":30}}");
        Files.writeString(
                folder.resolve("a.json"), "{\"our.engine\":{\"segments\":2,\"open\":true}}");
        settings.addJson(
                "feature", new StringReader("{\"our.engine\":{\"mode\":\"safe\",\"segments\":1}}"));
        settings.addFolder(folder);
        settings.addAll(List.of("our.engine:limit=40", "our.engine:limit=41"));
        settings.check();
        settings.write(folder);

        assertThat(folder.resolve("our/engine.config"))
                .content()
                .contains("mode=T\"safe\"", "open=B\"true\"", "segments=I\"3\"", "limit=L\"41\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "our.engine:segments=x | our.engine:segments must be a whole number, not \"x\".",
                "our.engine:segments=1.5 | our.engine:segments must be a whole number, not \"1.5\".",
                "our.engine:segments=0 | our.engine:segments must be at least 1, not \"0\".",
                "our.engine:segments=17 | our.engine:segments must be at most 16, not \"17\".",
                "our.engine:small=128 | our.engine:small must be at most 127, not \"128\".",
                "our.engine:share=1.01 | our.engine:share must be at most 1, not \"1.01\".",
                "our.engine:share=much | our.engine:share must be a number, not \"much\".",
                "our.engine:open=yes | our.engine:open must be true or false, not \"yes\".",
                "our.engine:mode=slow | our.engine:mode must be one of fast, safe, not \"slow\".",
                "our.engine:letter=ab | our.engine:letter must be one character, not \"ab\".",
                "our.engine:ports=80,x | our.engine:ports must be a whole number, not \"x\".",
                "our.engine:segmnts=1 | our.engine knows no segmnts; did you mean segments?",
                "our.host~a:name=1 | our.host knows no name; it knows user.",
                "our.enigne:segments=1 | Nothing is configured by our.enigne; did you mean our.engine?",
                "our.zzzzzzzzz:segments=1 | Nothing is configured by our.zzzzzzzzz.",
                "our.host:user=u | our.host is one of many: name yours, as in our.host~main.",
                "our.engine~a:open=true | our.engine exists once: leave out ~a.",
                "open=true | A setting has the form PID:KEY=VALUE, not \"open=true\".",
                "our.engine:op en=1 | \"our.engine:op en\" is no name of a setting.",
                "a/../b:c=1 | \"a/../b:c\" is no name of a setting.",
            })
    void aWrongSettingIsToldInOneSentence(String setting, String sentence) {
        settings.addAll(List.of(setting));

        assertThat(mistakes()).isEqualTo(sentence);
    }

    @Test
    void everyMistakeIsToldWithItsSource() throws Exception {
        Files.writeString(
                folder.resolve("net.json"), "{\"our.engine\":{\"limt\":1,\"open\":[true]}}");
        Files.writeString(folder.resolve("bad.json"), "{\n  \"our.engine\": }");
        Files.writeString(folder.resolve("flat.json"), "{\"our.engine\": 1}");
        Files.writeString(folder.resolve("list.json"), "[]");
        Files.writeString(folder.resolve("deep.json"), "{\"our.engine\":{\"mode\":{\"a\":1}}}");
        settings.addFolder(folder);

        assertThat(mistakes().lines().map(line -> line.replace(folder + "/", "")))
                .containsExactly(
                        "bad.json: line 2, column 17 is not JSON.",
                        "deep.json: our.engine:mode must be a text, number, boolean or list.",
                        "flat.json: our.engine must be an object of keys and values.",
                        "list.json: it must hold one JSON object.",
                        "net.json: our.engine knows no limt; did you mean limit?",
                        "net.json: our.engine:open takes one value, not a list.");
        assertThat(catchThrowableOfType(LaunchException.class, settings::check).exit())
                .isEqualTo(28);
    }

    @Test
    void strangersConfigurationsKeepTheirTypes() throws Exception {
        settings.addJson(
                "etc",
                new StringReader(
                        """
                        {"acme.host": {"n": 5, "f": 1.5, "b": true, "t": "a \\"=\\\\ b",
                                       "l": [1, 2], "m": [1, "x"], "e": []}}"""));
        settings.check();
        settings.write(folder);

        assertThat(folder.resolve("acme/host.config"))
                .content()
                .contains(
                        "n=L\"5\"",
                        "f=D\"" + Double.doubleToRawLongBits(1.5) + "\"",
                        "b=B\"true\"",
                        "t=T\"a\\ \\\"\\=\\\\\\ b\"",
                        "l=L[\"1\",\"2\"]",
                        "m=T[\"1\",\"x\"]",
                        "e=T[]");
    }

    @Test
    void aMissingFolderIsAnEmptyOne() throws Exception {
        settings.addFolder(folder.resolve("etc"));
        settings.check();
    }
}
