package dev.capstan.admin.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonLineTest {

    @Test
    void membersStandInTheirOrderAndNullIsLeftOut() {
        var line = new JsonLine();
        line.put("id", "x").put("path", (String) null).put("bytes", 5L);
        line.put("error", (JsonLine) null).put("inner", new JsonLine().put("a", "b"));
        assertThat(line.putNumber("seconds", "1.500"))
                .hasToString(
                        "{\"id\":\"x\",\"bytes\":5,\"inner\":{\"a\":\"b\"},\"seconds\":1.500}");
    }

    @Test
    void whatJsonCannotHoldIsEscaped() {
        assertThat(new JsonLine().put("s", "\"\\/\n\r\t\b\u0000\u007f\u2028ü🎬\uD800"))
                .hasToString(
                        "{\"s\":\"\\\"\\\\/\\n\\r\\t\\u0008\\u0000\\u007f\\u2028ü🎬\\ud800\"}");
    }

    @Property
    void everyTextComesBackFromOneLine(@ForAll String text) {
        var json = new JsonLine().put("s", text).toString();
        assertThat(json.codePoints()).noneMatch(Character::isISOControl);
        assertThat(unescape(json.substring(6, json.length() - 2))).isEqualTo(text);
    }

    private static String unescape(String json) {
        var text = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            if (json.charAt(i) != '\\') {
                text.append(json.charAt(i));
                continue;
            }
            switch (json.charAt(++i)) {
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(json.charAt(i));
            }
        }
        return text.toString();
    }
}
