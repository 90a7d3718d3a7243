package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account;
import dev.capstan.host.Account.State;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.Time;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.secret.spi.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operator's account: its session, how it stands, and what calls in its name mean for it. One
 * instance lives as long as one configuration.
 *
 * <p>Safe for any thread. What callers ask of it is done on their threads.
 */
final class FshareAccount implements HostAccount, Sessions.Opening {
    private static final Duration CHECK = Duration.ofSeconds(60);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** A refusal for want of VIP is not believed longer than that. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Settings settings;
    private final Secrets secrets;
    private final Supplier<@Nullable OutboundHttp> outbound;
    private final AccountStore store;
    private final Redaction redaction;
    private final Time time;
    private final Api api;
    private final Sessions sessions;
    private final Standing standing;

    FshareAccount(
            Settings settings,
            Secrets secrets,
            Supplier<@Nullable OutboundHttp> outbound,
            AccountStore store,
            Consumer<Account> announce,
            Time time) {
        this.settings = settings;
        this.secrets = secrets;
        this.outbound = outbound;
        this.store = store;
        this.time = time;
        redaction = new Redaction();
        api = new Api(settings, redaction, time);
        sessions = new Sessions(this, time, settings.sessionIdle());
        standing =
                settings.isConfigured()
                        ? new Standing(settings.maskedEmail(), State.UNKNOWN, null, announce)
                        : new Standing(
                                settings.maskedEmail(),
                                State.NOT_CONFIGURED,
                                notConfigured().getMessage(),
                                announce);
    }

    /** One call in the name of the account. */
    interface Call<T> {
        T in(Session session) throws DownloadException, InterruptedException;
    }

    Api api() {
        return api;
    }

    boolean isConfigured() {
        return settings.isConfigured();
    }

    /** F8: makes a call in the session, and once more in a new one if the session was gone. */
    <T> T call(Line line, Call<T> call) throws DownloadException, InterruptedException {
        if (!settings.isConfigured()) {
            throw notConfigured();
        }
        var session = sessions.get(line);
        try {
            return answered(session, call);
        } catch (SessionGoneException e) {
            var renewed = sessions.renew(session, line);
            try {
                return answered(renewed, call);
            } catch (SessionGoneException again) {
                throw refused(
                        renewed,
                        new AccountException(
                                State.INVALID,
                                "Fshare ends every session of the account at once. See whether"
                                        + " another program uses it, then check it."));
            }
        }
    }

    private <T> T answered(Session session, Call<T> call)
            throws DownloadException, InterruptedException {
        try {
            var answer = call.in(session);
            sessions.used(session);
            return answer;
        } catch (AccountException e) {
            throw refused(session, e);
        } catch (PostponedException e) {
            sessions.used(session);
            if (e.isDailyLimit()) {
                standing.is(State.LIMIT, e.reason());
            }
            throw e;
        }
    }

    private AccountException refused(Session session, AccountException why) {
        sessions.refuse(session, why);
        standing.is(why.state(), why.getMessage());
        return why;
    }

    /** The account gives files: a limit that was reached is over. */
    void works() {
        standing.is(State.OK, null);
    }

    /**
     * F19: an account without VIP gets no further.
     *
     * @throws DownloadException with ACCOUNT
     */
    void requireVip(Line line) throws DownloadException, InterruptedException {
        call(
                line,
                session -> {
                    var known = standing.profile();
                    var now = time.instant();
                    if (known == null
                            || (!known.isVip(now) && known.asked().plus(FRESH).isBefore(now))) {
                        standing.learned(api.profile(line, session));
                    }
                    return session;
                });
        var profile = standing.profile();
        if (profile != null && !profile.isVip(time.instant())) {
            throw new DownloadException(
                    ErrorClass.ACCOUNT,
                    "Fshare gives files to a VIP account only, and this one has no VIP"
                            + (profile.vipUntil() == null
                                    ? ""
                                    : " (until " + profile.vipUntil() + ")")
                            + ". Extend it, check it, and add the link again.");
        }
    }

    @Override
    public Session open(Line line) throws DownloadException, InterruptedException {
        try {
            return api.login(line, credentials());
        } catch (AccountException e) {
            standing.is(e.state(), e.getMessage());
            throw e;
        }
    }

    @Override
    public void opened(Line line, Session session) throws InterruptedException {
        try {
            standing.works(api.profile(line, session));
        } catch (DownloadException e) {
            // The calls this session was made for will say what is wrong, if anything is.
            standing.works(Profile.unknown(time.instant()));
        } catch (InterruptedException e) {
            works();
            throw e;
        }
    }

    private Credentials credentials() throws DownloadException {
        var password = secret("password", settings.password());
        var appKey = secret("appKey", settings.appKey());
        redaction.know(settings.email(), password, appKey);
        return new Credentials(settings.email(), password, appKey, settings.userAgent());
    }

    private String secret(String name, String reference) throws DownloadException {
        try {
            return secrets.get(reference)
                    .filter(secret -> !secret.isBlank())
                    .orElseThrow(
                            () ->
                                    new DownloadException(
                                            ErrorClass.ACCOUNT,
                                            "Fshare account not configured: there is nothing"
                                                    + " where "
                                                    + name
                                                    + " refers to."));
        } catch (IOException e) {
            throw new DownloadException(
                    ErrorClass.ACCOUNT,
                    "Fshare account not configured: " + name + ": " + e.getMessage(),
                    e);
        }
    }

    private DownloadException notConfigured() {
        return new DownloadException(
                ErrorClass.ACCOUNT,
                "Fshare account not configured: set "
                        + String.join(", ", settings.missing())
                        + ".");
    }

    @Override
    public Account account() {
        return standing.account();
    }

    @Override
    public Account check() throws DownloadException, InterruptedException {
        if (!settings.isConfigured()) {
            return account();
        }
        sessions.forgive();
        var line = line(CHECK);
        standing.works(call(line, session -> api.profile(line, session)));
        return account();
    }

    @Override
    public void set(Map<String, String> values) throws DownloadException, InterruptedException {
        var checked = store.check(values);
        logOut();
        store.set(checked);
    }

    @Override
    public void remove() throws DownloadException, InterruptedException {
        logOut();
        store.remove();
    }

    /** F20: ends the session at the service, once and as far as that goes in a moment. */
    void logOut() throws InterruptedException {
        var session = sessions.take();
        if (session.isEmpty()) {
            return;
        }
        try {
            api.logout(line(GOODBYE), session.get());
        } catch (DownloadException e) {
            // It ends there by itself, some time later.
            System.getLogger(FshareAccount.class.getName())
                    .log(System.Logger.Level.DEBUG, "Fshare did not hear the log-out", e);
        }
    }

    /** Whoever waits for a session goes away; running transfers keep their links. */
    void close() {
        sessions.close();
    }

    private Line line(Duration most) throws DownloadException {
        var http = outbound.get();
        if (http == null) {
            throw new DownloadException(
                    ErrorClass.UNAVAILABLE, "No HTTP client is there: its bundle is stopped.");
        }
        return new Line(() -> http.client(settings.policy(most)), time.instant().plus(most));
    }
}
