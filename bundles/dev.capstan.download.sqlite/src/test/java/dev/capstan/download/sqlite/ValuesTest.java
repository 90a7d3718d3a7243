package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.DownloadState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The forms in which values lie in the database. */
class ValuesTest {

    @Property
    void jsonComesBackAsItWasWritten(
            @ForAll Map<String, String> texts, @ForAll List<Long> numbers) {
        assertThat(Json.readTexts(Json.write(texts))).isEqualTo(texts);
        assertThat(Json.read(Json.write(List.of(numbers, texts))))
                .isEqualTo(List.of(numbers, texts));
    }

    @Property(tries = 200)
    void sqliteReadsOurJsonToo(@ForAll Map<String, String> texts) throws SQLException {
        var source = new SQLiteDataSource(new SQLiteConfig());
        source.setUrl("jdbc:sqlite::memory:");
        try (var connection = source.getConnection();
                var session = new Session(connection)) {
            assertThat(session.number("SELECT json_valid(?)", Json.write(texts))).isEqualTo(1);
        }
    }

    @Property
    void foreignTextIsRefusedAndNothingElse(@ForAll String text) {
        try {
            Json.read(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void jsonThatIsCutOrNestedTooDeepIsRefused() {
        for (var text :
                List.of(
                        "",
                        "{",
                        "[1",
                        "\"a",
                        "{\"a\"",
                        "{\"a\":",
                        "[1,]",
                        "[1] ",
                        "\"\\u12",
                        "\"\\x\"",
                        "--",
                        "true",
                        "[".repeat(100_000))) {
            assertThatThrownBy(() -> Json.read(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property
    void timesKeepTheirOrderAndTheirNanoseconds(
            @ForAll @LongRange(min = -9_000_000_000L, max = 9_000_000_000L) long seconds,
            @ForAll @LongRange(min = 0, max = 999_999_999) long nanos) {
        var time = Instant.ofEpochSecond(seconds, nanos);

        assertThat(Times.instant(Times.nanos(time))).isEqualTo(time);
        assertThat(Times.nanos(time.plusNanos(1))).isEqualTo(Times.nanos(time) + 1);
    }

    @Example
    void timesBeyondTheRangeAreTheEndOfAllTime() {
        assertThat(Times.instant(Times.nanos(Instant.MAX))).isEqualTo(Instant.MAX);
        assertThat(Times.instant(Times.nanos(Instant.MIN))).isEqualTo(Instant.MIN);
        assertThat(Times.nanos(Instant.parse("9999-01-01T00:00:00Z"))).isEqualTo(Long.MAX_VALUE);
    }

    @Example
    void theCodesOfStatesAreThoseOfTheSchema() {
        assertThat(DownloadState.values())
                .extracting(DownloadState::name)
                .containsExactly(
                        "QUEUED",
                        "STARTING",
                        "DOWNLOADING",
                        "PAUSED",
                        "COMPLETED",
                        "FAILED",
                        "CANCELLED");
    }

    @Property
    void everyTextHasASortKeyThatUtf8CanHold(@ForAll String name) {
        var key = Texts.sortKey("😀".repeat(200) + name);

        assertThat(Character.isHighSurrogate(key.charAt(key.length() - 1))).isFalse();
    }
}
