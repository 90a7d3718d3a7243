package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.transfer.http.move.Precedents.Precedent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered of hosts. */
class PrecedentsTest {
    private static final Precedent PAID = new Precedent(8, 4, 20e6);

    private final AtomicLong now = new AtomicLong();
    private final Precedents precedents = new Precedents(now::get);

    @Test
    void eachHostHasItsOwn() {
        precedents.found("a.example", PAID);

        assertThat(precedents.of("a.example")).isEqualTo(PAID);
        assertThat(precedents.of("b.example")).isNull();
    }

    @Test
    void theNewestCounts() {
        precedents.found("a.example", PAID);
        precedents.found("a.example", new Precedent(4, 1, 5e6));

        assertThat(precedents.of("a.example")).isEqualTo(new Precedent(4, 1, 5e6));

        precedents.found("a.example", null);

        assertThat(precedents.of("a.example")).isNull();
    }

    @Test
    void itAgesThoughItIsUsed() {
        precedents.found("a.example", PAID);
        now.addAndGet(Duration.ofMinutes(9).toNanos());
        assertThat(precedents.of("a.example")).isEqualTo(PAID);

        now.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(precedents.of("a.example")).isNull();
    }

    @Test
    void ofManyHostsTheOldestAreForgotten() {
        precedents.found("first.example", PAID);
        for (var i = 0; i < 255; i++) {
            precedents.found(i + ".example", PAID);
        }
        assertThat(precedents.of("first.example")).isEqualTo(PAID);

        precedents.found("last.example", PAID);

        assertThat(precedents.of("first.example")).isNull();
        assertThat(precedents.of("last.example")).isEqualTo(PAID);
    }
}
