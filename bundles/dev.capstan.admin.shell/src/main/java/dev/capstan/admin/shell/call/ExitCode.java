package dev.capstan.admin.shell.call;

import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;

/** The exit codes of the command line; those for failed downloads are aria2's. */
public final class ExitCode {

    /** All done. */
    public static final int DONE = 0;

    /** Anything that has no code of its own. */
    public static final int FAILED = 1;

    /** Something is left that the same command continues. */
    public static final int UNFINISHED = 7;

    /** No bundle that is here takes the link. */
    public static final int NO_HOST = 20;

    /** The host's account needs the operator. */
    public static final int ACCOUNT = 24;

    /** The volume is full. */
    public static final int DISK_FULL = 9;

    /** The call itself is wrong. */
    public static final int USAGE = 28;

    private ExitCode() {}

    /** The code of a download's error. */
    public static int of(DownloadError error) {
        return of(error.errorClass(), error.detail());
    }

    /** The code of an error class and what is known more closely. */
    public static int of(ErrorClass errorClass, DownloadException.Detail detail) {
        return switch (errorClass) {
            case NETWORK -> detail == DownloadException.Detail.NAME_NOT_RESOLVED ? 19 : 6;
            case TIMEOUT -> detail == DownloadException.Detail.TOO_SLOW ? 5 : 2;
            case RATE_LIMITED, UNAVAILABLE -> 29;
            case LINK_EXPIRED, PROTOCOL -> 22;
            case AUTH, ACCOUNT -> ACCOUNT;
            case NOT_FOUND -> 3;
            case CHANGED -> 8;
            case CHECKSUM -> 32;
            case DISK_FULL -> DISK_FULL;
            case IO -> detail == DownloadException.Detail.FOLDER ? 18 : 17;
            case BLOCKED -> USAGE;
            case DECRYPT, HOST -> FAILED;
        };
    }

    /** The code of a refusal. */
    public static int of(RefusedException.Reason reason) {
        return switch (reason) {
            case INVALID, BLOCKED -> USAGE;
            case UNSUPPORTED, HOST_MISSING -> NO_HOST;
            case NOT_FOUND, ILLEGAL_MOVE, UNAVAILABLE -> FAILED;
        };
    }
}
