package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Reply;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one account there is, with the one registered application. It begins as a VIP without end,
 * e-mail {@link #EMAIL}, password {@link #PASSWORD}, application {@link #APP_KEY} with {@link
 * #USER_AGENT}. Safe for any thread.
 */
public final class FakeAccount {
    /** E-mail of a new account. */
    public static final String EMAIL = "somebody@example.org";

    /** Password of a new account. */
    public static final String PASSWORD = "marked-password-7f3a";

    /** Key of the registered application. */
    public static final String APP_KEY = "marked-app-key-91c2";

    /** User-Agent registered together with {@link #APP_KEY}. */
    public static final String USER_AGENT = "ExampleHouse-K58W6U";

    private final InstantSource clock;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final List<String> issued = new ArrayList<>();
    private String email = EMAIL;
    private String password = PASSWORD;
    private String appKey = APP_KEY;
    private String userAgent = USER_AGENT;
    private String type = "Vip";
    private String vipEnd = "Forever";
    private long traffic = 100L << 30;
    private long trafficUsed = 1L << 30;
    private int sessionLength = Integer.MAX_VALUE;
    private Answer whenGone = Answer.refusal(201, "Not logged in yet!");

    FakeAccount(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Changes what a log-in needs.
     *
     * @param email account name
     * @param password its password
     * @return this
     */
    public synchronized FakeAccount credentials(String email, String password) {
        this.email = email;
        this.password = password;
        return this;
    }

    /**
     * Changes the registered pair. Sessions do not work with another User-Agent.
     *
     * @param appKey the application's key
     * @param userAgent the User-Agent that belongs to it
     * @return this
     */
    public synchronized FakeAccount registered(String appKey, String userAgent) {
        this.appKey = appKey;
        this.userAgent = userAgent;
        return this;
    }

    /**
     * Gives VIP until a time. In the past, it has expired.
     *
     * @param end told as epoch seconds in text
     * @return this
     */
    public synchronized FakeAccount vipUntil(Instant end) {
        type = "Vip";
        vipEnd = Long.toString(end.getEpochSecond());
        return this;
    }

    /**
     * Gives VIP without end.
     *
     * @return this
     */
    public synchronized FakeAccount vipForever() {
        type = "Vip";
        vipEnd = "Forever";
        return this;
    }

    /**
     * Takes VIP away: the type is another, and there is no VIP end.
     *
     * @return this
     */
    public synchronized FakeAccount withoutVip() {
        type = "Member";
        vipEnd = "";
        return this;
    }

    /**
     * Sets the traffic told.
     *
     * @param all bytes
     * @param used bytes
     * @return this
     */
    public synchronized FakeAccount traffic(long all, long used) {
        traffic = all;
        trafficUsed = used;
        return this;
    }

    /**
     * Loses each session after some calls of it, from the next log-in on.
     *
     * @param calls how many succeed; 0 for sessions that never work
     * @return this
     */
    public synchronized FakeAccount sessionsLast(int calls) {
        sessionLength = calls;
        return this;
    }

    /** Loses all sessions now. */
    public synchronized void loseSessions() {
        sessions.clear();
    }

    /**
     * Changes how a lost session is told. The first is {@code refusal(201, …)}.
     *
     * @param answer for example {@code code(201, …)}, {@code html(401, …)}
     * @return this
     */
    public synchronized FakeAccount whenSessionGone(Answer answer) {
        whenGone = answer;
        return this;
    }

    /**
     * Sessions that are alive.
     *
     * @return how many
     */
    public synchronized int sessions() {
        return sessions.size();
    }

    /** Tokens and session ids of all times, with what a log-in needs. */
    synchronized List<String> secrets() {
        var all = new ArrayList<>(issued);
        all.add(password);
        all.add(appKey);
        return all;
    }

    synchronized Answer whenGone() {
        return whenGone;
    }

    synchronized Reply logIn(Call call) {
        if (!call.text("app_key").equals(Optional.of(appKey))) {
            return unregistered(33, "Application is not registered");
        }
        if (!mayUse(call)) {
            return unregistered(37, "User-Agent is not that of the application");
        }
        if (!call.text("user_email").equals(Optional.of(email))
                || !call.text("password").equals(Optional.of(password))) {
            return Answer.refused(405, "Authenticate fail!");
        }
        var number = issued.size() / 2 + 1;
        var session = new Session("marked-token-" + number, sessionLength);
        var id = "marked-session-" + number;
        sessions.put(id, session);
        issued.add(session.token);
        issued.add(id);
        return Reply.json(
                Json.createObjectBuilder()
                        .add("code", 200)
                        .add("msg", "Login successfully!")
                        .add("token", session.token)
                        .add("session_id", id)
                        .build());
    }

    /** Whether it comes from the registered application. */
    synchronized boolean mayUse(Call call) {
        return call.header("user-agent").filter(userAgent::equals).isPresent();
    }

    /** Counts a call of a session. False where it has none that is alive. */
    synchronized boolean admit(Call call) {
        var id = call.cookie("session_id").orElse("");
        var session = sessions.get(id);
        if (session == null
                || (call.method().equals("POST")
                        && call.text("token").filter(session.token::equals).isEmpty())) {
            return false;
        }
        if (session.left == 0) {
            sessions.remove(id);
            return false;
        }
        session.left--;
        return true;
    }

    synchronized void logOut(Call call) {
        sessions.remove(call.cookie("session_id").orElse(""));
    }

    synchronized boolean isVip() {
        return type.equals("Vip")
                && (vipEnd.equals("Forever")
                        || Long.parseLong(vipEnd) > clock.instant().getEpochSecond());
    }

    synchronized JsonObject describe() {
        return Json.createObjectBuilder()
                .add("id", "4711")
                .add("email", email)
                .add("account_type", type)
                .add("expire_vip", vipEnd)
                .add("traffic", Long.toString(traffic))
                .add("traffic_used", Long.toString(trafficUsed))
                .add("webspace", "53687091200")
                .build();
    }

    private static Reply unregistered(int subCode, String message) {
        return Reply.of(
                403,
                "application/json; charset=UTF-8",
                Json.createObjectBuilder()
                        .add("code", 403)
                        .add("sub_code", subCode)
                        .add("msg", message)
                        .build()
                        .toString());
    }

    private static final class Session {
        private final String token;
        private int left;

        Session(String token, int left) {
            this.token = token;
            this.left = left;
        }
    }
}
