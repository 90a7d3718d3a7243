package dev.capstan.host.deezer;

import static dev.capstan.host.deezer.fake.Endpoint.TRACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account;
import dev.capstan.host.deezer.fake.Answer;
import dev.capstan.host.spi.Resolution;
import dev.capstan.tck.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeezerHostTest {
    private static final String PREVIEW = "https://cdn-preview-1.dzcdn.net/stream/x.mp3?token=t";

    private final House house = new House(Map.of());

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    @DisplayName("D2, D3: a track is its preview, and says so everywhere")
    void aTrackIsItsPreview() throws Exception {
        song(PREVIEW);

        var file = house.file("track_5");

        assertThat(file.links()).hasSize(1);
        assertThat(file.links().get(0).uri()).isEqualTo(URI.create(PREVIEW));
        assertThat(file.links().get(0).foreign()).isTrue();
        assertThat(file.links().get(0).headers()).isEmpty();
        assertThat(file.name()).isEqualTo("Singer - Song 5 (preview).mp3");
        assertThat(file.nameIsGuess()).isFalse();
        assertThat(file.size()).isNull();
        assertThat(file.cipher()).isNull();
        assertThat(file.linksExpire()).isTrue();
        assertThat(file.expires()).isNull();
        assertThat(file.key()).hasToString("deezer:track:5:preview");
        assertThat(file.metadata())
                .containsEntry("variant", "preview")
                .containsEntry("artist", "Singer")
                .containsEntry("isrc", "XX0000000005");
        assertThat(house.fake.calls().get(0).header("cookie")).isEmpty();
    }

    @Test
    @DisplayName("D2: without a preview there is nothing to fetch")
    void noPreview() {
        house.fake.track(5).preview(null);

        assertThat(failure("track_5"))
                .hasMessageContaining("no preview offered")
                .extracting(DownloadException::errorClass)
                .isEqualTo(ErrorClass.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"track_5", "album_5", "deezer:playlist:5"})
    @DisplayName("D4: a full track is refused before anybody is asked, and its preview is not")
    void fullTracksAreRefused(String link) throws Exception {
        song(PREVIEW);

        var refused = failure(link + "?variant=full");

        assertThat(refused.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(refused).hasMessageContaining("?variant=preview");
        assertThat(house.fake.calls()).isEmpty();
        assertThat(house.file("track_5?variant=preview").links()).hasSize(1);
    }

    @Test
    @DisplayName("D1: a track named as an album's member gets its place there")
    void aMemberNamedByItsAlbum() throws Exception {
        house.fake.album(9).titled("Songs").by("Singer").add(house.fake.tracks(1, 3));

        var file = house.file("track_9_1");

        assertThat(file.folder()).isEqualTo("Singer/Songs");
        assertThat(file.name()).isEqualTo("01 - Some Artist - Track 1 (preview).mp3");
        assertThat(file.metadata()).containsEntry("album_artist", "Singer");
    }

    @Test
    void aNameThatItsListGaveStays() throws Exception {
        song(PREVIEW);

        var found = house.resolve("track_5", house.asked().named("07 - x (preview).mp3"));

        assertThat(((Resolution.Found) found).file().name()).isEqualTo("07 - x (preview).mp3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://dzcdn.net/x.mp3",
                "https://evildzcdn.net/x.mp3",
                "https://x.dzcdn.net.evil.test/x.mp3",
                "https://x.dzcdn.net@evil.test/x.mp3",
                "https://canary@x.dzcdn.net/x.mp3",
                "file:///etc/passwd",
                "//x.dzcdn.net/x.mp3",
                "no link?canary"
            })
    @DisplayName("What the service names is fetched from its delivery hosts only")
    void foreignPreviewHostsAreBlocked(String preview) {
        song(preview);

        assertThat(failure("track_5"))
                .hasMessageNotContaining("canary")
                .extracting(DownloadException::errorClass)
                .isEqualTo(ErrorClass.BLOCKED);
    }

    @Test
    @DisplayName("R7, D10: who only looks gets no link, and asks once in ten minutes")
    void looking() throws Exception {
        song(PREVIEW);

        for (var i = 0; i < 3; i++) {
            var found = house.resolve("track_5", house.asked().toLook());
            assertThat(((Resolution.Found) found).file().links()).isEmpty();
        }
        assertThat(house.fake.calls()).hasSize(1);
        house.time.pass(Duration.ofMinutes(11));
        house.resolve("track_5", house.asked().toLook());
        assertThat(house.fake.calls()).hasSize(2);
    }

    @Test
    @DisplayName("D10: a link is never kept: each start asks for it anew")
    void linksAreNotKept() throws Exception {
        house.fake.track(5);

        var first = house.file("track_5").links().get(0).uri();

        assertThat(first.getHost()).isEqualTo(house.fake.deliveryUrl().getHost());
        assertThat(house.file("track_5").links().get(0).uri()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "800, NOT_FOUND",
        "200, ACCOUNT",
        "901, ACCOUNT",
        "300, ACCOUNT",
        "100, HOST",
        "500, HOST",
        "501, HOST",
        "600, HOST",
        "12345, HOST"
    })
    void everyErrorCodeHasItsClass(int code, ErrorClass errorClass) {
        house.fake.fault(TRACK, Answer.error(code, "Some", "canary words"));

        var failure = failure("track_5");

        assertThat(failure.errorClass()).isEqualTo(errorClass);
        assertThat(failure).hasMessageContaining("track 5").hasMessageNotContaining("canary");
        assertThat(house.time.slept()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "401, ACCOUNT",
        "403, ACCOUNT",
        "404, NOT_FOUND",
        "429, RATE_LIMITED",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "418, HOST"
    })
    void everyStatusHasItsClass(int status, ErrorClass errorClass) {
        house.fake.fault(TRACK, Answer.html(status, "canary"));

        assertThat(failure("track_5"))
                .hasMessageNotContaining("canary")
                .extracting(DownloadException::errorClass)
                .isEqualTo(errorClass);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>canary</html>",
                "[]",
                "null",
                "{\"id\":5",
                "{}",
                "{\"id\":\"../5\"}",
                "{\"id\":5,\"title\":[]}",
                "{\"id\":5,\"artist\":\"canary\"}",
                "{\"id\":5,\"duration\":1e999}",
                "{\"error\":[]}",
                "{\"error\":\"canary\"}",
                "{\"error\":{\"code\":{}}}",
                "nested too deep"
            })
    void whatIsNotUnderstoodIsTheHostsFault(String given) {
        var body = given.equals("nested too deep") ? "{\"id\":" + "[".repeat(100_000) : given;
        house.fake.fault(TRACK, Answer.json(body));

        assertThat(failure("track_5"))
                .hasMessageNotContaining("canary")
                .extracting(DownloadException::errorClass)
                .isEqualTo(ErrorClass.HOST);
    }

    @Test
    void anAnswerThatIsTooLongIsTheHostsFault() {
        house.fake.fault(TRACK, Answer.json("{}" + " ".repeat(5 << 20)));

        assertThat(failure("track_5").errorClass()).isEqualTo(ErrorClass.HOST);
    }

    @Test
    @DisplayName("R6: how long the service asks to wait is handed on")
    void howLongToWaitIsHandedOn() {
        house.fake.fault(
                TRACK,
                (exchange, good) ->
                        Reply.of(429, "text/html", "canary", "Retry-After: 700").send(exchange));

        assertThat(failure("track_5"))
                .hasMessageNotContaining("canary")
                .extracting(failure -> failure.retryAfter().orElseThrow())
                .isEqualTo(Duration.ofSeconds(700));
    }

    @Test
    void anAnswerCutShortIsTheHostsFault() {
        song(PREVIEW);
        house.fake.fault(TRACK, Answer.truncated());

        assertThat(failure("track_5").errorClass()).isEqualTo(ErrorClass.HOST);
    }

    @Test
    @DisplayName("D9: the quota's code twice and then data: waits of 2 and 4 s, and success")
    void theQuotaIsWaitedFor() throws Exception {
        house.fake.track(5);
        house.fake.fault(TRACK, Answer.quota()).times(2);

        assertThat(house.file("track_5").links()).hasSize(1);
        assertThat(house.time.slept())
                .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @CsvSource({"4, RATE_LIMITED", "700, UNAVAILABLE"})
    void afterThreeWaitsItIsGivenUp(int code, ErrorClass errorClass) {
        house.fake.fault(TRACK, Answer.error(code, "Some", "canary words"));

        var failure = failure("track_5");

        assertThat(failure.errorClass()).isEqualTo(errorClass);
        assertThat(house.time.slept())
                .containsExactly(
                        Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
        if (code == 4) {
            assertThat(failure.retryAfter()).hasValue(Duration.ofSeconds(8));
        }
        assertThat(house.fake.calls()).hasSize(4);
    }

    @Test
    @DisplayName("R5: a wait that would outlast the deadline is not begun")
    void waitsCountAgainstTheDeadline() {
        house.fake.fault(TRACK, Answer.quota());
        var deadline = house.time.instant().plusSeconds(5);

        var failure =
                catchThrowableOfType(
                        DownloadException.class,
                        () -> house.resolve("track_5", house.asked().until(deadline)));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.RATE_LIMITED);
        assertThat(house.time.slept()).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    @DisplayName("D23: the account says that previews are all there is, and takes no values")
    void thereIsNoAccount() {
        var account = new PreviewsOnly();

        assertThat(account.account().state()).isEqualTo(Account.State.PREVIEWS_ONLY);
        assertThat(
                        catchThrowableOfType(
                                DownloadException.class,
                                () -> account.set(Map.of("any", "canary"))))
                .hasMessageNotContaining("canary");
    }

    @Test
    void aBaseThatIsNoneIsRefused() {
        for (var base : new String[] {"ftp://x", "x", "https://u:p@x", "https:///x"}) {
            var config = Settings.of(DeezerConfig.class, Map.of("apiUrl", base));
            assertThat(
                            catchThrowableOfType(
                                    IllegalArgumentException.class, () -> new DeezerHost(config)))
                    .as(base)
                    .isNotNull();
        }
    }

    private DownloadException failure(String link) {
        return catchThrowableOfType(DownloadException.class, () -> house.resolve(link));
    }

    private void song(String preview) {
        house.fake.track(5).titled("Song 5").by("Singer").previewAt(preview);
    }
}
