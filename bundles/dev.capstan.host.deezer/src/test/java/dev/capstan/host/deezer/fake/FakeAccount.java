package dev.capstan.host.deezer.fake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The one account there is, with all rights. Its cookie is {@link #ARL}, and full tracks are
 * written with {@link #SECRET}; both are made up. Safe for any thread.
 */
public final class FakeAccount {
    /** The account's cookie. */
    public static final String ARL = "marked-arl-5c1e77";

    /** What keys are made of: 16 ASCII characters. */
    public static final String SECRET = "marked-secret-16";

    private final Map<String, String> apiTokens = new HashMap<>();
    private final Set<String> licences = new HashSet<>();
    private final List<String> issued = new ArrayList<>();
    private String arl = ARL;
    private String secret = SECRET;
    private String country = "DE";
    private boolean high = true;
    private boolean lossless = true;
    private int tokenCalls = Integer.MAX_VALUE;
    private int callsLeft = Integer.MAX_VALUE;
    private int logIns;

    /**
     * Changes the cookie that is valid. The old one gives user id 0.
     *
     * @param value the cookie
     * @return this
     */
    public synchronized FakeAccount arl(String value) {
        arl = value;
        invalidateTokens();
        return this;
    }

    /**
     * Writes full tracks with another secret, from the next link on.
     *
     * @param value 16 ASCII characters
     * @return this
     */
    public synchronized FakeAccount secret(String value) {
        secret = value;
        return this;
    }

    /**
     * Changes the rights.
     *
     * @param toHigh MP3 of 320 kbit/s
     * @param toLossless FLAC
     * @return this
     */
    public synchronized FakeAccount rights(boolean toHigh, boolean toLossless) {
        high = toHigh;
        lossless = toLossless;
        return this;
    }

    /**
     * Moves it.
     *
     * @param code two letters
     * @return this
     */
    public synchronized FakeAccount country(String code) {
        country = code;
        return this;
    }

    /**
     * Makes API tokens invalid after some calls, from the next {@code deezer.getUserData} on.
     *
     * @param calls of {@code song.getData}; 0 for tokens that never work
     * @return this
     */
    public synchronized FakeAccount tokensLast(int calls) {
        tokenCalls = calls;
        return this;
    }

    /** Makes all API tokens and licence tokens invalid now. */
    public synchronized void invalidateTokens() {
        apiTokens.clear();
        licences.clear();
    }

    /** Makes the licence tokens alone invalid: the media service answers 1002. */
    public synchronized void invalidateLicences() {
        licences.clear();
    }

    synchronized String arl() {
        return arl;
    }

    synchronized String secret() {
        return secret;
    }

    synchronized String country() {
        return country;
    }

    synchronized boolean mayHave(Format format) {
        return switch (format) {
            case FLAC -> lossless;
            case MP3_320 -> high;
            case MP3_128 -> true;
        };
    }

    /** New tokens for who knows the cookie. */
    synchronized Tokens renew() {
        var number = ++logIns;
        var tokens =
                new Tokens(
                        "marked-sid-" + number,
                        "marked-check-form-" + number,
                        "marked-licence-" + number);
        apiTokens.put(tokens.sid(), tokens.apiToken());
        licences.add(tokens.licence());
        issued.addAll(List.of(tokens.sid(), tokens.apiToken(), tokens.licence()));
        callsLeft = tokenCalls;
        return tokens;
    }

    /** Whether a call comes with valid tokens. */
    synchronized boolean admits(Call call) {
        var token = apiTokens.get(call.cookie("sid").orElse(""));
        if (token == null || !token.equals(call.query().get("api_token")) || callsLeft <= 0) {
            return false;
        }
        callsLeft--;
        return true;
    }

    synchronized boolean isLicence(String token) {
        return licences.contains(token);
    }

    synchronized List<String> secrets() {
        var all = new ArrayList<>(issued);
        all.add(arl);
        all.add(secret);
        return all;
    }

    record Tokens(String sid, String apiToken, String licence) {}
}
