package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class UlidTest {
    private final ManualClock clock = new ManualClock();
    private final Ulid ulids = new Ulid(clock);

    @Test
    void has26CharactersOfCrockfordsAlphabet() {
        assertThat(ulids.next()).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}");
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
        clock.advance(Duration.ofHours(-1));
        made.add(ulids.next());
        clock.advance(Duration.ofHours(2));
        made.add(ulids.next());

        assertThat(made).isSorted();
        assertThat(new HashSet<>(made)).hasSameSizeAs(made);
    }
}
