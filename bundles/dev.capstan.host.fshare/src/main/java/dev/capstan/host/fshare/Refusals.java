package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account.State;
import dev.capstan.host.spi.Time;
import java.time.Duration;

/** The table of errors: what an answer that gives nothing means for the download (R6). */
final class Refusals {
    private static final Duration LOGIN_BUSY = Duration.ofMinutes(10);
    private static final Duration TOO_MANY_SESSIONS = Duration.ofMinutes(3);
    private static final Duration DAILY_LIMIT = Duration.ofHours(1);
    private static final int LINK_PASSWORD = 123;
    private static final Phrases APPLICATION = new Phrases("user-agent", "user agent", "useragent");

    private final Settings settings;
    private final Redaction redaction;
    private final Time time;

    Refusals(Settings settings, Redaction redaction, Time time) {
        this.settings = settings;
        this.redaction = redaction;
        this.time = time;
    }

    /** Why there is no session. */
    DownloadException login(Answer answer) {
        var code = answer.code();
        return switch (code) {
            case 33, 37, 38, 39, 403 -> application();
            case 401, 405 ->
                    new AccountException(
                            State.INVALID,
                            "Fshare refuses the log-in: wrong e-mail or password, or too many"
                                    + " attempts. Check both.");
            case 406 -> locked("the account is not activated or is locked");
            case 407 -> locked("its password must be changed at fshare.vn first");
            case 408, 409 -> locked("the account is locked");
            case 410 -> locked("the domain of the e-mail address is refused");
            case 424 ->
                    new PostponedException(
                            LOGIN_BUSY, "Fshare takes no log-in now; it is tried again later.");
            case 500 -> APPLICATION.isIn(answer.message()) ? application() : unavailable(answer);
            case 502 -> answer.isCodeOfBody() ? application() : unavailable(answer);
            case 429 -> rateLimited(answer);
            default -> code > 500 && code < 600 ? unavailable(answer) : notUnderstood(answer);
        };
    }

    /** Why a call in a session gave nothing. */
    DownloadException call(Answer answer, boolean withPassword) {
        var message = answer.message();
        if (settings.dailyLimit().isIn(message)) {
            return new PostponedException(
                    DAILY_LIMIT,
                    "The account's daily limit at Fshare is reached; it goes on when Fshare gives"
                            + " more.",
                    true);
        }
        var code = answer.code();
        return switch (code) {
            case 201, 401 -> new SessionGoneException();
            case LINK_PASSWORD -> linkPassword(withPassword);
            case 403 -> {
                if (settings.linkPassword().isIn(message)) {
                    yield linkPassword(withPassword);
                }
                if (settings.suspended().isIn(message)) {
                    yield locked("the account is suspended");
                }
                yield new DownloadException(
                        ErrorClass.ACCOUNT,
                        "Fshare refuses this file to the account"
                                + said(answer)
                                + ". Open it at fshare.vn to see why.");
            }
            case 404, 410, 451 -> notFound();
            case 471 ->
                    new PostponedException(
                            TOO_MANY_SESSIONS,
                            "Fshare counts too many download sessions of the account; it goes on"
                                    + " when one has ended.");
            case 429 -> rateLimited(answer);
            case 408 -> unavailable(answer);
            default -> code >= 500 && code < 600 ? unavailable(answer) : notUnderstood(answer);
        };
    }

    /** Why the listing that needs no account gave nothing. */
    DownloadException listing(Answer answer) {
        var code = answer.code();
        return switch (code) {
            case 401, 403 ->
                    new DownloadException(
                            ErrorClass.ACCOUNT,
                            "Fshare shows this to an account only: configure one.");
            case 404, 410, 451 -> notFound();
            case 429 -> rateLimited(answer);
            case 408 -> unavailable(answer);
            default -> code >= 500 && code < 600 ? unavailable(answer) : notUnderstood(answer);
        };
    }

    /** What is behind the link is gone. */
    DownloadException notFound() {
        return new DownloadException(
                ErrorClass.NOT_FOUND, "Fshare has nothing behind this link: deleted, or mistyped.");
    }

    /** An answer that makes no sense. */
    DownloadException notUnderstood(Answer answer) {
        return new DownloadException(
                ErrorClass.HOST,
                "Fshare's answer cannot be understood (%d%s). It is tried again; if it stays so, look for a newer version."
                        .formatted(answer.code(), said(answer)));
    }

    private DownloadException unavailable(Answer answer) {
        return new DownloadException(
                ErrorClass.UNAVAILABLE,
                "Fshare is not available now (%d); it is tried again.".formatted(answer.code()),
                Detail.NONE,
                answer.retryAfter(time.instant()).orElse(null),
                null);
    }

    private DownloadException rateLimited(Answer answer) {
        return new DownloadException(
                ErrorClass.RATE_LIMITED,
                "Fshare gets too many requests from here; it is tried again later.",
                Detail.NONE,
                answer.retryAfter(time.instant()).orElse(null),
                null);
    }

    private static DownloadException application() {
        return new AccountException(
                State.APP_REFUSED,
                "Fshare refuses the application: app key and User-Agent must be the registered"
                        + " pair. Correct appKey and userAgent.");
    }

    private static DownloadException locked(String why) {
        return new AccountException(
                State.LOCKED,
                "Fshare locked the account: " + why + ". See to it at fshare.vn, then check it.");
    }

    private static DownloadException linkPassword(boolean given) {
        return new DownloadException(
                ErrorClass.ACCOUNT,
                given
                        ? "The password of this link is wrong: add it again with the right one."
                        : "This link needs a password: add it again with its password.");
    }

    private String said(Answer answer) {
        var text = redaction.clean(answer.message());
        return text.isEmpty() ? "" : ": \"" + text + "\"";
    }
}
