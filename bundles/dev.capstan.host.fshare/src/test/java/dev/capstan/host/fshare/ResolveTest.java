package dev.capstan.host.fshare;

import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;
import static dev.capstan.host.fshare.fake.Endpoint.FILE_INFO;
import static dev.capstan.host.fshare.fake.Endpoint.LISTING;
import static dev.capstan.host.fshare.fake.Endpoint.LOGIN;
import static dev.capstan.host.fshare.fake.Endpoint.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account.State;
import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.fshare.fake.Endpoint;
import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution.Found;
import dev.capstan.host.spi.Resolution.Later;
import dev.capstan.host.spi.ResolveContext.Purpose;
import dev.capstan.tck.host.ManualTime;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One file: what is asked, and what becomes of it. */
class ResolveTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    @DisplayName("F6: a start asks for one direct link and promises what is known")
    void aStartAsksForOneDirectLink() throws Exception {
        bench.fake.file("ABC123").named("x.mkv").size(3_000_000);

        var file = file(Bench.FILE + "ABC123", bench.context());

        assertThat(endpoints()).containsExactly(LOGIN, USER, LISTING, DOWNLOAD);
        assertThat(file.key()).hasToString("fshare:ABC123");
        assertThat(file.name()).isEqualTo("x.mkv");
        assertThat(file.size()).isEqualTo(3_000_000);
        assertThat(file.linksExpire()).isTrue();
        assertThat(file.expires()).isNull();
        assertThat(file.maxConnections()).isEqualTo(3);
        assertThat(file.digests()).isEmpty();
        assertThat(file.cipher()).isNull();
        assertThat(file.links()).hasSize(1);
        assertThat(file.links().get(0).headers()).isEmpty();
        assertThat(file.links().get(0).uri().toString())
                .startsWith(bench.fake.deliveryUrl().toString());
    }

    @Test
    @DisplayName("Calls: User-Agent, Accept and cookie as registered, and never a Referer")
    void callsAreDressedAsTheServiceWantsThem() throws Exception {
        bench.found("ABC123");

        assertThat(bench.fake.calls())
                .allSatisfy(
                        call -> {
                            assertThat(call.header("user-agent")).hasValue(FakeAccount.USER_AGENT);
                            assertThat(call.header("accept")).hasValue("application/json");
                            assertThat(call.header("referer")).isEmpty();
                        });
        assertThat(bench.fake.calls(LOGIN).get(0).header("cookie")).isEmpty();
        var download = bench.fake.calls(DOWNLOAD).get(0);
        assertThat(download.headers().get("cookie")).containsExactly("session_id=marked-session-1");
        assertThat(download.json().keySet()).containsExactly("token", "url", "zipflag");
    }

    @Test
    @DisplayName("F3: the service is asked for the code as it was given")
    void theCodeIsAskedForAsItWasGiven() throws Exception {
        bench.fake.file("ABC123");
        var context = bench.knowing().given("http://fshare.vn/file/abc123?token=1");

        var file = file(Bench.FILE + "ABC123", context);

        assertThat(file.key()).hasToString("fshare:ABC123");
        assertThat(bench.fake.calls(DOWNLOAD).get(0).text("url"))
                .hasValue("https://www.fshare.vn/file/abc123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PREVIEW", "EXPAND"})
    @DisplayName("F4: a look costs nothing and needs no account")
    void aLookNeedsNoAccount(Purpose purpose) throws Exception {
        bench.configure(TestSettings::withoutAccount);
        bench.fake.file("ABC123").named("x.mkv").size(5_000);

        var file = file(Bench.FILE + "ABC123", bench.context().purpose(purpose));

        assertThat(endpoints()).containsExactly(LISTING);
        assertThat(file.name()).isEqualTo("x.mkv");
        assertThat(file.size()).isEqualTo(5_000);
        assertThat(file.links()).isEmpty();
    }

    @Test
    @DisplayName("F4: where the listing gives nothing, an account that is there is the second way")
    void theAccountIsTheSecondWay() throws Exception {
        bench.fake.file("ABC123").named("x.mkv").size(5_000);
        bench.fake.fault(LISTING, Answer.html(200, "Welcome"));

        var file = file(Bench.FILE + "ABC123", bench.context().purpose(Purpose.PREVIEW));

        assertThat(file.name()).isEqualTo("x.mkv");
        assertThat(file.size()).isEqualTo(5_000);
        assertThat(bench.fake.calls(FILE_INFO)).hasSize(1);
        assertThat(bench.fake.calls(DOWNLOAD)).isEmpty();

        bench.configure(TestSettings::withoutAccount);
        assertThat(bench.error(Bench.FILE + "ABC123", bench.context()).errorClass())
                .isEqualTo(ErrorClass.ACCOUNT);
        assertThat(
                        bench.error(Bench.FILE + "ABC123", bench.context().purpose(Purpose.PREVIEW))
                                .errorClass())
                .isEqualTo(ErrorClass.HOST);
    }

    @Test
    @DisplayName("F5: name and size are learned once; later ones of the service do not count")
    void nameAndSizeAreLearnedOnce() throws Exception {
        bench.fake.file("ABC123").named("renamed.mkv").size(7);

        var file = file(Bench.FILE + "ABC123", bench.context().known("first.mkv", 5_000));

        assertThat(file.name()).isEqualTo("first.mkv");
        assertThat(file.size()).as("the engine finds the other size, as CHANGED").isEqualTo(5_000);
        assertThat(endpoints()).doesNotContain(LISTING, FILE_INFO);
    }

    @Test
    @DisplayName("F10: every start gives a new link, with one more call and the same session")
    void everyStartGivesANewLink() throws Exception {
        var first = bench.found("ABC123").file().links().get(0).uri();
        var second = bench.found("ABC123").file().links().get(0).uri();

        assertThat(second).isNotEqualTo(first);
        assertThat(endpoints()).containsExactly(LOGIN, USER, DOWNLOAD, DOWNLOAD);
    }

    @Test
    @DisplayName("F11: a link password goes into one call only; absent and wrong are told apart")
    void aLinkPasswordGoesIntoOneCallOnly() throws Exception {
        bench.fake.file("ABC123").password("s3same");

        var absent = bench.error("ABC123");
        var wrong = bench.error(Bench.FILE + "ABC123", bench.knowing().password("guess-77"));
        bench.fake.fault(LISTING, Answer.html(200, "Welcome"));
        var right = file(Bench.FILE + "ABC123", bench.context().password("s3same"));

        assertThat(absent.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(absent).hasMessageContaining("needs a password");
        assertThat(wrong.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(wrong).hasMessageContaining("is wrong").hasMessageNotContaining("guess-77");
        assertThat(right.links()).hasSize(1);
        assertThat(bench.fake.calls(FILE_INFO)).as("asked without it").hasSize(1);
        assertThat(bench.fake.calls())
                .filteredOn(call -> call.body().contains("s3same"))
                .hasSize(1)
                .allMatch(call -> call.endpoint() == DOWNLOAD);
        assertThat(bench.account.account().state()).isEqualTo(State.OK);
    }

    @Test
    @DisplayName("F19: no start without VIP, whether it has ended or never was")
    void noStartWithoutVip() throws Exception {
        bench.fake.account().vipUntil(ManualTime.START.minus(Duration.ofDays(1)));
        var ended = bench.error("ABC123");
        bench.configure(any -> any);
        bench.fake.account().withoutVip();
        var never = bench.error("ABC123");

        assertThat(List.of(ended, never))
                .allSatisfy(
                        error -> {
                            assertThat(error.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
                            assertThat(error).hasMessageContaining("VIP");
                        });
        assertThat(bench.fake.calls(DOWNLOAD)).isEmpty();

        bench.fake.account().vipForever();
        bench.time.pass(Duration.ofMinutes(2));
        assertThat(bench.found("ABC123").file().links()).as("VIP was bought").hasSize(1);
    }

    @Test
    void vipThatEndsWhileTheSessionLivesCountsToo() throws Exception {
        bench.fake.account().vipUntil(ManualTime.START.plus(Duration.ofHours(1)));
        bench.found("ABC123");

        bench.time.pass(Duration.ofHours(2));

        assertThat(bench.error("ABC123").errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(bench.fake.calls(DOWNLOAD)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "email, email",
        "password, password",
        "appKey, appKey",
        "userAgent, userAgent",
    })
    void anIncompleteAccountNamesWhatIsMissing(String missing, String named) {
        bench.configure(settings -> settings.without(missing));

        var error = bench.error("ABC123");

        assertThat(error.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(error).hasMessage("Fshare account not configured: set " + named + ".");
        assertThat(bench.fake.calls()).isEmpty();
        assertThat(bench.account.account().state()).isEqualTo(State.NOT_CONFIGURED);
    }

    @Test
    void aSecretThatCannotBeReadIsTold() {
        bench.configure(settings -> settings.password("file:fshare"));

        var error = bench.error("ABC123");

        assertThat(error.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(error).hasMessageContaining("/secrets/file:fshare");
        assertThat(bench.fake.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/x",
                "https://evil.example/x",
                "https://127.0.0.1.evil.example/x",
                "https://user:word@127.0.0.1/x",
                "file:///etc/passwd",
            })
    void aDirectLinkToAnotherPlaceIsBlocked(String location) {
        bench.fake.file("ABC123").location(location);

        var error = bench.error("ABC123");

        assertThat(error.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(error).hasMessageNotContaining(location);
    }

    @Test
    void aFileNameStandsInADirectLinkAsItIs() throws Exception {
        bench.configure(settings -> settings.deliveryHosts(".fshare.vn"));
        bench.fake
                .file("ABC123")
                .location("http://download07.fshare.vn/dl/x%20/Phim [1080p] ổ.mkv");

        var link = bench.found("ABC123").file().links().get(0);

        assertThat(link.uri())
                .isEqualTo(
                        URI.create(
                                "http://download07.fshare.vn/dl/x%20/Phim%20%5B1080p%5D%20%E1%BB%95.mkv"));
        assertThat(link.foreign()).as("only what the operator named may be private").isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    @DisplayName("F23: a redirected POST stays one; nothing goes to foreign hosts or private ones")
    void redirectsAreFollowedWithinTheRule(int status) throws Exception {
        var moved = URI.create(bench.fake.apiUrl() + "/session/download");
        bench.fake
                .fault(
                        LOGIN,
                        Answer.redirect(
                                status,
                                URI.create(moved.resolve("/api/user/login?x=1").toString())))
                .times(1);
        assertThat(bench.found("ABC123").file().links()).hasSize(1);
        assertThat(bench.fake.calls(LOGIN)).allMatch(call -> call.method().equals("POST"));
        assertThat(bench.fake.calls(LOGIN).get(1).json().keySet())
                .contains("user_email", "password");

        for (var foreign :
                List.of("http://evil.public:1/x", "http://localhost:" + moved.getPort() + "/x")) {
            bench.fake.fault(DOWNLOAD, Answer.redirect(status, URI.create(foreign))).times(1);
            assertThat(bench.error("ABC123").errorClass()).isEqualTo(ErrorClass.BLOCKED);
        }
        assertThat(bench.fake.calls(Endpoint.UNKNOWN)).isEmpty();
    }

    @Test
    @DisplayName("F23: over TLS no redirect leads out of it, and nothing is sent there")
    void noRedirectLeadsOutOfTls() throws Exception {
        try (var secure = new Bench(FakeFshare::startTls, any -> any)) {
            var plain = URI.create(bench.fake.apiUrl() + "/user/login");
            var open = URI.create("http://localhost:" + plain.getPort() + plain.getPath());
            secure.fake.fault(LOGIN, Answer.redirect(307, open)).times(1);

            assertThat(secure.error("ABC123").errorClass()).isEqualTo(ErrorClass.BLOCKED);
            assertThat(bench.fake.calls()).isEmpty();
            secure.time.pass(Duration.ofSeconds(5));
            assertThat(secure.found("ABC123").file().links()).hasSize(1);
        }
    }

    @Test
    @DisplayName("F16: ten calls take four and a half seconds")
    void callsKeepTheirDistance() throws Exception {
        for (var i = 0; i < 8; i++) {
            bench.found("ABC123");
        }

        var calls = bench.fake.calls();
        assertThat(calls).hasSize(10);
        for (var i = 1; i < calls.size(); i++) {
            assertThat(Duration.between(calls.get(i - 1).at(), calls.get(i).at()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(500));
        }
        assertThat(Duration.between(ManualTime.START, calls.get(9).at()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(4_500));
    }

    @Test
    void theDistanceCountsAgainstTheDeadline() throws Exception {
        bench.found("ABC123");

        var context = bench.knowing().within(Duration.ofMillis(100));

        assertThat(bench.error(Bench.FILE + "ABC123", context).errorClass())
                .isEqualTo(ErrorClass.TIMEOUT);
        assertThat(bench.fake.calls()).hasSize(3);
    }

    @Test
    void aForeignLinkIsRefusedWithoutACall() {
        assertThatThrownBy(
                        () ->
                                bench.host.resolve(
                                        "https://evil.example/file/ABC123", bench.context()))
                .isInstanceOf(DownloadException.class);
        assertThat(bench.fake.calls()).isEmpty();
    }

    @Test
    void aDailyLimitWaitsAnHourAndShows() throws Exception {
        bench.fake.file("ABC123");
        bench.fake.fault(DOWNLOAD, Answer.refusal(403, "Đã VƯỢT QUÁ giới hạn ngày")).times(1);

        var later = (Later) bench.resolve(Bench.FILE + "ABC123", bench.knowing());

        assertThat(later.delay()).isEqualTo(Duration.ofHours(1));
        assertThat(bench.account.account().state()).isEqualTo(State.LIMIT);
        bench.found("ABC123");
        assertThat(bench.account.account().state()).isEqualTo(State.OK);
    }

    private RemoteFile file(String link, Bench.Context context) throws Exception {
        return ((Found) bench.resolve(link, context)).file();
    }

    private List<Endpoint> endpoints() {
        return bench.fake.calls().stream().map(call -> call.endpoint()).toList();
    }
}
