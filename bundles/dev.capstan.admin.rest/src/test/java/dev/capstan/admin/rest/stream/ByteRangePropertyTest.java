package dev.capstan.admin.rest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ByteRangePropertyTest {

    @Property
    void whatIsSentIsNeverMoreThanWhatIsThere(
            @ForAll @LongRange(min = 0, max = 300) long first,
            @ForAll @LongRange(min = 0, max = 300) long last,
            @ForAll @LongRange(min = 0, max = 200) long length) {
        var part = ByteRange.parse("bytes=" + first + "-" + last).flatMap(it -> it.within(length));

        part.ifPresent(
                it -> {
                    assertThat(it.from()).isEqualTo(first).isLessThan(it.to());
                    assertThat(it.to()).isEqualTo(Math.min(last + 1, length));
                });
        assertThat(part.isPresent()).isEqualTo(first <= last && first < length);
    }
}
