package dev.capstan.host.fshare;

import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;
import static dev.capstan.host.fshare.fake.Endpoint.LOGIN;
import static dev.capstan.host.fshare.fake.Endpoint.LOGOUT;
import static dev.capstan.host.fshare.fake.Endpoint.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account.State;
import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.fshare.fake.Endpoint;
import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.spi.Resolution.Later;
import dev.capstan.host.spi.Time;
import dev.capstan.tck.host.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The session that all calls share, and the account behind it. */
class SessionTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Bench bench = new Bench();
    private final Callers callers = new Callers();

    @AfterEach
    void close() {
        callers.close();
        bench.close();
    }

    @Test
    @DisplayName("F7: eight resolves without a session make one log-in and eight results")
    void eightResolvesMakeOneLogin() throws Exception {
        try (var login = bench.fake.hold(LOGIN)) {
            var answers = callers.start(8, () -> bench.found("ABC123"));
            assertThat(login.awaitCalls(1, BOUND)).isTrue();
            login.release();

            for (var answer : answers) {
                assertThat(answer.get().file().links()).hasSize(1);
            }
        }
        assertThat(bench.fake.calls(LOGIN)).hasSize(1);
        assertThat(bench.fake.calls(USER)).hasSize(1);
        assertThat(bench.fake.calls(DOWNLOAD)).hasSize(8);
    }

    @Test
    @DisplayName("F7: a session is used until it has rested too long")
    void aSessionIsUsedUntilItHasRestedTooLong() throws Exception {
        for (var i = 0; i < 3; i++) {
            bench.found("ABC123");
            bench.time.pass(Duration.ofHours(5));
        }
        assertThat(bench.fake.calls(LOGIN)).hasSize(1);

        bench.time.pass(Duration.ofHours(1));
        bench.found("ABC123");

        assertThat(bench.fake.calls(LOGIN)).hasSize(2);
        assertThat(bench.fake.calls(DOWNLOAD)).as("none was tried in vain").hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"201", "401", "code 201", "html 401"})
    @DisplayName("F8: eight calls that all see the session gone make one log-in")
    void eightCallsThatLoseTheSessionMakeOneLogin(String how) throws Exception {
        bench.found("ABC123");
        bench.fake.account().whenSessionGone(gone(how)).loseSessions();

        try (var downloads = bench.fake.hold(DOWNLOAD)) {
            var answers = callers.start(8, () -> bench.found("ABC123"));
            assertThat(downloads.awaitCalls(8, BOUND)).isTrue();
            downloads.release();

            for (var answer : answers) {
                assertThat(answer.get().file().links()).hasSize(1);
            }
        }
        assertThat(bench.fake.calls(LOGIN)).hasSize(2);
        assertThat(bench.fake.calls(DOWNLOAD)).hasSize(1 + 8 + 8);
    }

    @Test
    @DisplayName("F8: a late answer about the session before costs no other log-in")
    void aLateAnswerAboutTheSessionBeforeCostsNoLogin() throws Exception {
        bench.found("ABC123");
        bench.fake.file("LATE");
        var renewed = new CompletableFuture<Void>();
        Answer gone =
                (exchange, good) -> {
                    renewed.join();
                    Answer.refusal(201, "Not logged in yet!").give(exchange, good);
                };
        bench.fake
                .fault(DOWNLOAD, gone)
                .when(call -> call.code().filter("LATE"::equals).isPresent())
                .times(1);
        var late = callers.start(() -> bench.found("LATE"));
        assertThat(bench.fake.awaitCalls(DOWNLOAD, 2, BOUND)).isTrue();
        bench.fake.account().loseSessions();

        bench.found("ABC123");
        renewed.complete(null);

        assertThat(late.get().file().links()).hasSize(1);
        assertThat(bench.fake.calls(LOGIN)).hasSize(2);
    }

    @Test
    @DisplayName("F8, F9: gone again is AUTH, and no call goes out after it")
    void goneAgainIsAuth() {
        bench.fake.account().sessionsLast(0);

        var error = bench.error("ABC123");
        var calls = bench.fake.calls().size();
        var next = bench.error("ABC123");

        assertThat(error.errorClass()).isEqualTo(ErrorClass.AUTH);
        assertThat(next.errorClass()).isEqualTo(ErrorClass.AUTH);
        assertThat(bench.fake.calls(LOGIN)).hasSize(2);
        assertThat(bench.fake.calls()).hasSize(calls);
    }

    @Test
    @DisplayName("F9: after AUTH nothing is asked until the operator asks for a check")
    void afterAuthNothingIsAsked() throws Exception {
        bench.fake.account().credentials(FakeAccount.EMAIL, "another");

        var answers = callers.start(8, () -> bench.found("ABC123"));
        for (var answer : answers) {
            assertThat(answer.error()).isInstanceOf(AccountException.class);
        }
        assertThat(bench.fake.calls()).hasSize(1);
        assertThat(bench.account.account().state()).isEqualTo(State.INVALID);

        bench.fake.account().credentials(FakeAccount.EMAIL, FakeAccount.PASSWORD);
        assertThat(bench.error("ABC123").errorClass()).isEqualTo(ErrorClass.AUTH);
        assertThat(bench.fake.calls()).hasSize(1);

        bench.time.pass(Duration.ofSeconds(5));
        assertThat(bench.account.check().state()).isEqualTo(State.OK);
        assertThat(bench.found("ABC123").file().links()).hasSize(1);
    }

    @Test
    @DisplayName("F9: another configuration begins anew, at once")
    void anotherConfigurationBeginsAnew() throws Exception {
        bench.configure(settings -> settings.password("wrong"));
        assertThat(bench.error("ABC123").errorClass()).isEqualTo(ErrorClass.AUTH);

        bench.configure(any -> any);

        assertThat(bench.found("ABC123").file().links()).hasSize(1);
    }

    @Test
    @DisplayName("Time: failed log-ins are 5, 10, 30, 60 and 60 s apart, and nobody sleeps for it")
    void failedLoginsKeepTheirDistance() throws Exception {
        bench.fake.fault(LOGIN, Answer.html(503, "Busy"));

        for (var wait : List.of(5, 10, 30, 60, 60)) {
            assertThat(bench.error("ABC123").errorClass()).isEqualTo(ErrorClass.UNAVAILABLE);
            var calls = bench.fake.calls().size();

            var later = (Later) bench.resolve(Bench.FILE + "ABC123", bench.knowing());

            assertThat(later.delay()).isEqualTo(Duration.ofSeconds(wait));
            assertThat(later.reason()).contains(" " + wait + " s");
            assertThat(bench.fake.calls()).hasSize(calls);
            bench.time.pass(Duration.ofSeconds(wait));
        }
    }

    @Test
    void whoWaitedForALoginThatFailedComesLaterAndBurnsNoRetry() throws Exception {
        bench.fake.fault(LOGIN, Answer.html(503, "Busy"));
        try (var login = bench.fake.hold(LOGIN)) {
            var answers =
                    callers.start(8, () -> bench.resolve(Bench.FILE + "ABC123", bench.knowing()));
            assertThat(login.awaitCalls(1, BOUND)).isTrue();
            login.release();

            var failed = 0;
            for (var answer : answers) {
                if (answer.future().handle((found, error) -> error).get() != null) {
                    failed++;
                } else {
                    assertThat(answer.get()).isInstanceOf(Later.class);
                }
            }
            assertThat(failed).isEqualTo(1);
        }
        assertThat(bench.fake.calls(LOGIN)).hasSize(1);
    }

    @Test
    @DisplayName("F18: the account is told masked, with type, VIP end and traffic, when it changes")
    void theAccountIsToldMasked() throws Exception {
        var end = ManualTime.START.plus(Duration.ofDays(30));
        bench.fake.account().vipUntil(end).traffic(1_000, 400);
        assertThat(bench.account.account().state()).isEqualTo(State.UNKNOWN);

        var checked = bench.account.check();

        assertThat(checked.state()).isEqualTo(State.OK);
        assertThat(checked.name()).isEqualTo("s***@example.org");
        assertThat(checked.type()).isEqualTo("Vip");
        assertThat(checked.validUntil()).isEqualTo(end);
        assertThat(checked.trafficLeft()).isEqualTo(600);
        assertThat(bench.announced).as("one change is told once").containsExactly(checked);
        bench.found("ABC123");
        bench.time.pass(Duration.ofHours(1));
        assertThat(bench.announced).as("nothing changed").hasSize(1);
        assertThat(bench.fake.calls(USER)).as("nobody asks by the clock").hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"remove", "set"})
    @DisplayName("F20: whoever removes or replaces the account is logged out once")
    void anAccountThatGoesIsLoggedOutOnce(String how) throws Exception {
        bench.found("ABC123");

        if (how.equals("remove")) {
            bench.account.remove();
        } else {
            bench.account.set(Map.of("password", "new"));
        }
        // As the change of the configuration that follows it does.
        bench.account.logOut();

        assertThat(bench.fake.calls(LOGOUT)).hasSize(1);
        assertThat(bench.fake.calls(LOGOUT).get(0).cookie("session_id"))
                .hasValue("marked-session-1");
        assertThat(bench.fake.account().sessions()).isZero();
    }

    @Test
    @DisplayName("F20: a log-out that nobody answers ends by itself, and nothing fails")
    void aLogoutThatNobodyAnswersEndsByItself() throws Exception {
        bench.found("ABC123");
        bench.fake.fault(LOGOUT, Answer.silence());

        var since = System.nanoTime();
        bench.account.remove();

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void withoutAnAccountACheckAsksNothing() throws Exception {
        bench.configure(TestSettings::withoutAccount);

        assertThat(bench.account.check().state()).isEqualTo(State.NOT_CONFIGURED);
        assertThat(bench.account.check().note()).contains("email, password, appKey, userAgent");
        assertThat(bench.fake.calls()).isEmpty();
    }

    @Test
    @DisplayName("F17: who is interrupted in a log-in harms nobody who waits for it")
    void anInterruptedLoginHarmsNobodyElse() throws Exception {
        var login = bench.fake.hold(LOGIN);
        var first = callers.start(() -> bench.found("ABC123"));
        assertThat(login.awaitCalls(1, BOUND)).isTrue();
        var others = callers.start(3, () -> bench.found("ABC123"));

        assertThat(first.interrupt()).isLessThan(Duration.ofSeconds(10));

        assertThat(first.error()).isInstanceOf(InterruptedException.class);
        login.release();
        for (var other : others) {
            assertThat(other.get().file().links()).hasSize(1);
        }
        assertThat(bench.fake.calls(LOGIN)).as("one was broken off").hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGIN", "USER", "LISTING", "DOWNLOAD"})
    @DisplayName("F17: interruption ends a call in any phase, and its connection")
    void interruptionEndsACallInAnyPhase(Endpoint phase) throws Exception {
        bench.fake.fault(phase, Answer.silence()).times(1);
        var call = callers.start(() -> bench.resolve(Bench.FILE + "ABC123", bench.context()));
        assertThat(bench.fake.awaitCalls(phase, 1, BOUND)).isTrue();

        assertThat(call.interrupt()).isLessThan(Duration.ofSeconds(10));

        assertThat(call.error()).isInstanceOf(InterruptedException.class);
        if (phase == LOGIN || phase == USER) {
            // Later ones leave a connection that rests, of a call that was answered.
            assertThat(bench.fake.awaitNoConnection(BOUND)).isTrue();
        }
        assertThat(bench.resolve(Bench.FILE + "ABC123", bench.context()))
                .as("the session, where there was one, is as it was")
                .isNotNull();
        assertThat(bench.fake.calls(LOGIN).size()).isEqualTo(phase == LOGIN ? 2 : 1);
    }

    @Test
    @DisplayName("F17: interruption ends the wait for another's log-in, and the wait between calls")
    void interruptionEndsWaits() throws Exception {
        try (var login = bench.fake.hold(LOGIN)) {
            callers.start(() -> bench.found("ABC123"));
            assertThat(login.awaitCalls(1, BOUND)).isTrue();
            var waiting = callers.start(() -> bench.found("ABC123"));

            assertThat(waiting.interrupt()).isLessThan(Duration.ofSeconds(10));
            assertThat(waiting.error()).isInstanceOf(InterruptedException.class);
        }
        var pacer = new Pacer(Time.SYSTEM, Duration.ofMinutes(5));
        var deadline = Time.SYSTEM.instant().plus(Duration.ofHours(1));
        pacer.await(deadline);
        var pacing =
                callers.start(
                        () -> {
                            pacer.await(deadline);
                            return "";
                        });
        assertThat(pacing.interrupt()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("F17: who waits for a session when the bundle stops goes away")
    void whoWaitsWhenTheBundleStopsGoesAway() throws Exception {
        try (var login = bench.fake.hold(LOGIN)) {
            callers.start(() -> bench.found("ABC123"));
            assertThat(login.awaitCalls(1, BOUND)).isTrue();
            var waiting = callers.start(() -> bench.found("ABC123"));

            bench.account.close();

            assertThat(waiting.error()).hasMessageContaining("stopped");
        }
        assertThatThrownBy(() -> bench.found("ABC123")).hasMessageContaining("stopped");
        assertThat(bench.fake.calls(LOGOUT)).isEmpty();
    }

    private static Answer gone(String how) {
        return switch (how) {
            case "code 201" -> Answer.code(201, "Not logged in yet!");
            case "html 401" -> Answer.html(401, "Log in");
            default -> Answer.refusal(Integer.parseInt(how), "Not logged in yet!");
        };
    }
}
