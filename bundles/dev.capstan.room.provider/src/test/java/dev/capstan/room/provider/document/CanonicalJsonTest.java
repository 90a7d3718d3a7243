package dev.capstan.room.provider.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.RoomException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R1: the canonical form, and the vectors of RFC 8785 that hold no fractions. */
class CanonicalJsonTest {
    private static final int BYTES = 100_000;

    @Test
    @DisplayName("Names are sorted by UTF-16 code units (RFC 8785 section 3.2.3)")
    void sortsNames() throws RoomException {
        var text =
                """
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return",
                 "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
                 "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control",
                 "\\u00f6": "Latin Small Letter O With Diaeresis"}
                """;

        assertThat(canonical(text))
                .isEqualTo(
                        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                                + "\"ö\":\"Latin Small Letter O With Diaeresis\","
                                + "\"€\":\"Euro Sign\","
                                + "\"\uD83D\uDE00\":\"Emoji: Grinning Face\","
                                + "\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    @DisplayName("Strings and literals are written in one way (RFC 8785 section 3.2.2)")
    void writesStringsInOneWay() throws RoomException {
        var text =
                """
                {"string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals": [null, true, false]}
                """;

        assertThat(canonical(text))
                .isEqualTo(
                        "{\"literals\":[null,true,false],"
                                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    @DisplayName("Control characters have their short escape or four lower-case digits")
    void escapesControls() throws RoomException {
        assertThat(CanonicalJson.of("\0\u0007\b\t\n\u000b\f\r\u001b\u007f "))
                .isEqualTo("\"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001b\u007f \"");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "1, 1",
        "-1, -1",
        "9007199254740991, 9007199254740991",
        "-9007199254740991, -9007199254740991",
    })
    @DisplayName("Integers are written as they are (RFC 8785 appendix B)")
    void writesIntegers(String text, String canonical) throws RoomException {
        assertThat(canonical("{\"n\":" + text + "}")).isEqualTo("{\"n\":" + canonical + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740992",
                "-9007199254740992",
                "9223372036854775808",
                "1.0",
                "1e2",
                "0.5",
                "333333333.33333329",
                "1E400",
                "5e-324"
            })
    @DisplayName("Other numbers are refused, and the message says where they are")
    void refusesOtherNumbers(String number) {
        assertThatThrownBy(() -> canonical("{\"a/b\":[{\"~\":" + number + "}]}"))
                .isInstanceOf(RoomException.class)
                .hasMessageStartingWith("/a~1b/0/~0: must be an integer");
    }

    @Test
    @DisplayName("Half a surrogate pair is refused in values and names, read or made")
    void refusesHalfSurrogates() {
        for (var half : List.of("\\ud83d", "\\ude00", "\\ude00\\ud83d", "a\\ud83d")) {
            assertThatThrownBy(() -> canonical("{\"x\":\"" + half + "\"}"))
                    .as(half)
                    .hasMessageStartingWith("/x: has half");
            assertThatThrownBy(() -> canonical("{\"" + half + "\":1}"))
                    .as(half)
                    .hasMessageContaining("has half");
        }
        assertThatThrownBy(() -> CanonicalJson.of(List.of("\uD83D")))
                .hasMessageStartingWith("/0: has half");
        assertThatThrownBy(() -> CanonicalJson.of(Map.of("\uDE00", 1L)))
                .hasMessageContaining("has half");
    }

    @Test
    @DisplayName("What no JSON of ours holds is refused rather than written somehow")
    void refusesOtherValues() {
        for (var value : List.of(1.5, 1f, new Object(), Long.MIN_VALUE, 1L << 53)) {
            assertThatThrownBy(() -> CanonicalJson.of(value)).isInstanceOf(RoomException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "null",
                "{",
                "{}x",
                "{}{}",
                "{} ]",
                "\uFEFF{}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":NaN}",
                "{\"a\":'b'}",
                "{a:1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":tru}",
                "{\"a\":1}//",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":2}",
            })
    @DisplayName("What is not strictly one JSON object is refused")
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> StrictJson.object(text, BYTES)).isInstanceOf(RoomException.class);
    }

    @Test
    @DisplayName("Depth and size are bounded, and so is what a message repeats")
    void isBounded() throws RoomException {
        assertThat(StrictJson.object(nested(16), BYTES)).hasSize(1);
        assertThatThrownBy(() -> StrictJson.object(nested(17), BYTES))
                .hasMessageContaining("deeper than 16");
        assertThatThrownBy(() -> StrictJson.object(nested(40_000), 1_000_000))
                .hasMessageContaining("deeper than 16");
        assertThatThrownBy(() -> StrictJson.object("{\"a\":\"ööö\"}", 13))
                .hasMessageContaining("larger than 13 bytes");
        assertThat(StrictJson.object("{\"a\":\"ööö\"}", 14)).hasSize(1);
        assertThatThrownBy(() -> canonical("{\"" + "\\u202e".repeat(9_000) + "\":0.5}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u202e"));
    }

    private static String nested(int levels) {
        var open = new String[levels];
        Arrays.fill(open, "{\"a\":");
        return String.join("", open) + "1" + "}".repeat(levels);
    }

    private static String canonical(String text) throws RoomException {
        return CanonicalJson.of(StrictJson.object(text, BYTES));
    }
}
