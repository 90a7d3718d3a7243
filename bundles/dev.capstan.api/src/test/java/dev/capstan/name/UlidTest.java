package dev.capstan.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class UlidTest {
    private Instant now = Instant.parse("2025-01-01T00:00:00Z");
    private final Ulid ulids = new Ulid(() -> now);

    @Test
    void has26CharactersOfCrockfordsAlphabet() {
        assertThat(ulids.next()).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}").matches(Ulid::isOne);
    }

    @Test
    void beginsWithTheTime() {
        // 2025-01-01T00:00:00Z is 1735689600000 ms.
        assertThat(ulids.next()).startsWith("01JGFJJZ00");
    }

    @Test
    void ascendsWithinAMillisecondAndWhenTheClockIsSetBack() {
        var made = new ArrayList<String>();
        for (var i = 0; i < 1_000; i++) {
            made.add(ulids.next());
        }
        now = now.minusSeconds(3_600);
        made.add(ulids.next());
        now = now.plusSeconds(7_200);
        made.add(ulids.next());

        assertThat(made).isSorted();
        assertThat(new HashSet<>(made)).hasSameSizeAs(made);
    }

    @Test
    void whatHasAnotherFormIsNone() {
        var one = ulids.next();

        assertThat(one).matches(Ulid::isOne);
        assertThat(Ulid.isOne(one.toLowerCase(Locale.ROOT))).isFalse();
        assertThat(Ulid.isOne(one.substring(1))).isFalse();
        assertThat(Ulid.isOne(one + "0")).isFalse();
        assertThat(Ulid.isOne("8" + one.substring(1))).isFalse();
        assertThat(Ulid.isOne("../" + one.substring(3))).isFalse();
        assertThat(Ulid.isOne(one.substring(0, 25) + "U")).isFalse();
    }
}
