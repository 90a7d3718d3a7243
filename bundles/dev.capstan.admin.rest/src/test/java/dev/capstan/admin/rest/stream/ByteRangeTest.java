package dev.capstan.admin.rest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.rest.stream.ByteRange.Part;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-,       0,  100",
        "bytes=0-0,      0,  1",
        "bytes=10-19,    10, 20",
        "bytes=10-1000,  10, 100",
        "bytes=99-,      99, 100",
        "bytes=-1,       99, 100",
        "bytes=-1000,    0,  100",
        "BYTES=5-6,      5,  7",
    })
    void oneRangeGivesItsPartOfAHundredBytes(String field, long from, long to) {
        assertThat(ByteRange.parse(field).flatMap(range -> range.within(100)))
                .contains(new Part(from, to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
    void whatNoByteIsInCannotBeSatisfied(String field) {
        assertThat(ByteRange.parse(field)).isPresent();
        assertThat(ByteRange.parse(field).flatMap(range -> range.within(100))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-1,4-5",
                "bytes=-",
                "bytes=5-4",
                "items=0-1",
                "bytes 0-1",
                "bytes=a-b",
                "bytes=0-9999999999999999999",
                ""
            })
    void severalRangesOtherUnitsAndRubbishAskForTheWhole(String field) {
        assertThat(ByteRange.parse(field)).isEmpty();
    }
}
