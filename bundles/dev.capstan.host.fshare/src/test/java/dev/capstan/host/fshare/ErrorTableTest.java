package dev.capstan.host.fshare;

import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;
import static dev.capstan.host.fshare.fake.Endpoint.FILE_INFO;
import static dev.capstan.host.fshare.fake.Endpoint.FOLDER_LIST;
import static dev.capstan.host.fshare.fake.Endpoint.LISTING;
import static dev.capstan.host.fshare.fake.Endpoint.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account.State;
import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.fshare.fake.Endpoint;
import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Later;
import dev.capstan.host.spi.Resolution.Listing;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each answer of the service means, row by row. */
class ErrorTableTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    static Stream<Arguments> loginErrors() {
        return Stream.of(
                arguments(Answer.refusal(400, "Bad"), "HOST", "UNKNOWN"),
                arguments(Answer.subCode(403, 33, "app"), "AUTH", "APP_REFUSED"),
                arguments(Answer.subCode(403, 39, "app"), "AUTH", "APP_REFUSED"),
                arguments(Answer.html(403, "Forbidden"), "AUTH", "APP_REFUSED"),
                arguments(Answer.code(37, "app"), "AUTH", "APP_REFUSED"),
                arguments(
                        Answer.refusal(500, "Wrong User-Agent for this key"),
                        "AUTH",
                        "APP_REFUSED"),
                arguments(Answer.refusal(500, "Oops"), "UNAVAILABLE", "UNKNOWN"),
                arguments(Answer.refusal(405, "Authenticate fail!"), "AUTH", "INVALID"),
                arguments(Answer.html(401, "Unauthorized"), "AUTH", "INVALID"),
                arguments(Answer.refusal(406, "x"), "AUTH", "LOCKED"),
                arguments(Answer.refusal(407, "x"), "AUTH", "LOCKED"),
                arguments(Answer.refusal(408, "x"), "AUTH", "LOCKED"),
                arguments(Answer.refusal(409, "x"), "AUTH", "LOCKED"),
                arguments(Answer.refusal(410, "x"), "AUTH", "LOCKED"),
                arguments(Answer.code(502, "version"), "AUTH", "APP_REFUSED"),
                arguments(Answer.html(502, "Bad Gateway"), "UNAVAILABLE", "UNKNOWN"),
                arguments(Answer.html(404, "Not Found"), "HOST", "UNKNOWN"),
                arguments(Answer.refusal(429, "slowly"), "RATE_LIMITED", "UNKNOWN"),
                arguments(Answer.json(200, "{\"code\":200}"), "HOST", "UNKNOWN"),
                arguments(
                        Answer.json(
                                200, "{\"code\":200,\"token\":\"a\",\"session_id\":\"b; evil=1\"}"),
                        "HOST",
                        "UNKNOWN"));
    }

    @ParameterizedTest
    @MethodSource("loginErrors")
    void logIn(Answer answer, ErrorClass expected, State state) {
        bench.fake.fault(LOGIN, answer);

        var error = bench.error("ABC123");

        assertThat(error.errorClass()).isEqualTo(expected);
        assertThat(bench.account.account().state()).isEqualTo(state);
        assertThat(bench.fake.calls()).hasSize(1);
    }

    static Stream<Arguments> callErrors() {
        return Stream.of(
                arguments(Answer.refusal(403, "Wrong password"), "ACCOUNT", "OK"),
                arguments(Answer.refusal(403, "Sai MẬT KHẨU tập tin"), "ACCOUNT", "OK"),
                arguments(Answer.code(123, "locked"), "ACCOUNT", "OK"),
                arguments(Answer.refusal(403, "Account suspended"), "AUTH", "LOCKED"),
                arguments(Answer.refusal(403, "Tài khoản bị khoá"), "AUTH", "LOCKED"),
                arguments(Answer.refusal(403, "No"), "ACCOUNT", "OK"),
                arguments(Answer.html(403, "Your password, suspended"), "ACCOUNT", "OK"),
                arguments(Answer.refusal(404, "gone"), "NOT_FOUND", "OK"),
                arguments(Answer.html(404, "Not Found"), "NOT_FOUND", "OK"),
                arguments(Answer.code(404, "gone"), "NOT_FOUND", "OK"),
                arguments(Answer.refusal(429, "slowly"), "RATE_LIMITED", "OK"),
                arguments(Answer.refusal(408, "late"), "UNAVAILABLE", "OK"),
                arguments(Answer.html(500, "Oops"), "UNAVAILABLE", "OK"),
                arguments(Answer.code(503, "busy"), "UNAVAILABLE", "OK"),
                arguments(Answer.refusal(400, "bad"), "HOST", "OK"),
                arguments(Answer.json(200, "{}"), "HOST", "OK"),
                arguments(Answer.json(200, "{\"location\":7}"), "BLOCKED", "OK"),
                arguments(Answer.json(200, "{\"location\":\":\"}"), "HOST", "OK"),
                arguments(Answer.reset(), "NETWORK", "OK"));
    }

    @ParameterizedTest
    @MethodSource("callErrors")
    void anyOtherCall(Answer answer, ErrorClass expected, State state) {
        bench.fake.fault(DOWNLOAD, answer);

        var error = bench.error("ABC123");

        assertThat(error.errorClass()).isEqualTo(expected);
        assertThat(bench.account.account().state()).isEqualTo(state);
        assertThat(bench.fake.calls(DOWNLOAD)).as("nothing is repeated here").hasSize(1);
    }

    static Stream<Arguments> postponements() {
        return Stream.of(
                arguments(LOGIN, Answer.refusal(424, "x"), 10),
                arguments(DOWNLOAD, Answer.refusal(471, "x"), 3),
                arguments(DOWNLOAD, Answer.code(471, "x"), 3),
                arguments(DOWNLOAD, Answer.refusal(403, "Daily limit reached"), 60),
                arguments(DOWNLOAD, Answer.code(200, "Daily limit reached"), 60));
    }

    @ParameterizedTest
    @MethodSource("postponements")
    void postponed(Endpoint endpoint, Answer answer, int minutes) throws Exception {
        bench.fake.fault(endpoint, answer);

        var later = (Later) bench.resolve(Bench.FILE + "ABC123", bench.knowing());

        assertThat(later.delay()).isEqualTo(Duration.ofMinutes(minutes));
    }

    @Test
    void aFileThatIsMarkedAsDeletedIsNotFound() {
        bench.fake.fault(LISTING, Answer.html(200, "Welcome"));
        bench.fake.file("ABC123").deleted();

        assertThat(bench.error(Bench.FILE + "ABC123", bench.context()).errorClass())
                .isEqualTo(ErrorClass.NOT_FOUND);
        assertThat(bench.fake.calls(FILE_INFO)).hasSize(1);
    }

    @Test
    void howLongToWaitIsHandedOn() {
        bench.fake.fault(DOWNLOAD, Answer.json(429, "", "Retry-After: 77")).times(1);
        assertThat(bench.error("ABC123").retryAfter()).hasValue(Duration.ofSeconds(77));

        bench.fake.fault(
                DOWNLOAD, Answer.html(503, "", "Retry-After: Tue, 01 Jan 2030 01:00:00 GMT"));
        assertThat(bench.error("ABC123").retryAfter())
                .hasValueSatisfying(
                        wait ->
                                assertThat(wait)
                                        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1)));
    }

    @Test
    void aServiceThatIsNotThereIsTheNetworksFault() {
        bench.configure(settings -> settings.apiUrl(URI.create("http://127.0.0.1:1/api")));

        assertThat(bench.error("ABC123").errorClass()).isEqualTo(ErrorClass.NETWORK);
    }

    private static List<Answer> nonsense() {
        return List.of(
                Answer.html(200, "Welcome"),
                Answer.empty(200),
                Answer.empty(204),
                Answer.truncated(),
                Answer.padded(2 << 20),
                Answer.wrongTypes(),
                Answer.numbersAsText(),
                Answer.json(200, "[".repeat(100_000)),
                Answer.json(200, "{\"code\":1e999999999,\"size\":1e999999999}"),
                Answer.json(200, "[null,1,\"x\",[],{}]"),
                Answer.json(200, "\"text\""),
                Answer.json(200, "\uFEFF{\"code\":null}"),
                Answer.json(302, "{}"),
                Answer.json(999, "{}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOGIN", "USER", "DOWNLOAD", "LISTING", "FILE_INFO", "FOLDER_LIST"})
    @DisplayName("F22: whatever is answered, it becomes an error of the table or is done without")
    void nonsenseIsAnErrorOfTheTable(Endpoint endpoint) throws Exception {
        bench.fake.folder("F1").add(bench.fake.file("ABC123"));
        if (endpoint == FILE_INFO || endpoint == FOLDER_LIST) {
            bench.fake.fault(LISTING, Answer.refusal(403, "no"));
        }
        for (var answer : nonsense()) {
            var fault = bench.fake.fault(endpoint, answer);
            bench.configure(any -> any);
            for (var link : linksThatNeed(endpoint)) {
                try {
                    walk(bench.resolve(link, bench.context()));
                } catch (DownloadException e) {
                    assertThat(e.errorClass())
                            .isIn(
                                    ErrorClass.HOST,
                                    ErrorClass.NETWORK,
                                    ErrorClass.BLOCKED,
                                    ErrorClass.RATE_LIMITED,
                                    ErrorClass.ACCOUNT);
                }
            }
            fault.lift();
        }
    }

    private static List<String> linksThatNeed(Endpoint endpoint) {
        return switch (endpoint) {
            case LOGIN, USER, DOWNLOAD -> List.of(Bench.FILE + "ABC123");
            case FOLDER_LIST -> List.of(Bench.FOLDER + "F1");
            default -> List.of(Bench.FILE + "ABC123", Bench.FOLDER + "F1");
        };
    }

    private static void walk(Resolution resolution) throws Exception {
        if (resolution instanceof Listing listing) {
            assertThat(listing.pages().page(null).entries()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    @DisplayName("F21: what Fshare repeats of secrets is cut from its words")
    void secretsAreCutFromRemoteWords() throws Exception {
        bench.found("ABC123");
        var text =
                "Bad %s %s marked-token-1 marked-session-1 %s http://d.example/dl/secret <b>why</b>"
                        .formatted(FakeAccount.PASSWORD, FakeAccount.APP_KEY, FakeAccount.EMAIL);
        for (var code : List.of(400, 403, 500, 404, 471, 429)) {
            bench.fake.fault(DOWNLOAD, Answer.refusal(code, text)).times(1);
            var context = bench.knowing().password("link-word");
            String message;
            try {
                var later = (Later) bench.resolve(Bench.FILE + "ABC123", context);
                message = later.reason();
            } catch (DownloadException e) {
                message = e.toString();
            }
            assertThat(message)
                    .doesNotContain("marked-", "example.org", "link-word", "dl/secret", "<b>")
                    .hasSizeGreaterThan(20);
        }
        assertThat(bench.settings.toString()).doesNotContain("marked", "somebody");
    }
}
