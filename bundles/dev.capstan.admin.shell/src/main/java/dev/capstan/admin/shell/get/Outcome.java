package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import org.jspecify.annotations.Nullable;

/**
 * How it ended for somebody who waited.
 *
 * @param exit the exit code
 * @param error the error's class, or null where there is none
 * @param sentence what happened, empty where all is well
 */
record Outcome(int exit, @Nullable String error, String sentence) {

    static final Outcome DONE = new Outcome(ExitCode.DONE, null, "");

    static final Outcome REMOVED =
            new Outcome(ExitCode.UNFINISHED, null, "It was removed from the list.");

    /** How a download ended that has ended, or will not go on by itself. */
    static Outcome of(Download download) {
        return switch (download.state()) {
            case COMPLETED -> DONE;
            case FAILED -> failed(download);
            case CANCELLED ->
                    unfinished("It was cancelled; \"capstan retry " + download.id() + "\".");
            case PAUSED ->
                    unfinished("It was paused; \"capstan resume " + download.id() + "\" goes on.");
            default -> waits(download);
        };
    }

    /** Whether nothing goes on without somebody's help. */
    static boolean isStuck(Download download) {
        return download.state() == DownloadState.QUEUED
                && switch (download.status().phase()) {
                    case DISK_FULL, ACCOUNT_HELD, WAITING_FOR_HOST -> true;
                    default -> false;
                };
    }

    private static Outcome failed(Download download) {
        var error = download.status().error();
        if (error == null) {
            return new Outcome(ExitCode.FAILED, null, "It failed.");
        }
        return new Outcome(ExitCode.of(error), error.errorClass().name(), error.message());
    }

    /** It is stuck, and the host tries on without whoever gives up waiting here. */
    private static Outcome waits(Download download) {
        var error = download.status().error();
        var host = download.source().host();
        var stuck =
                switch (download.status().phase()) {
                    case DISK_FULL ->
                            new Outcome(ExitCode.DISK_FULL, null, "The disk is full; it waits.");
                    case ACCOUNT_HELD ->
                            new Outcome(
                                    ExitCode.ACCOUNT,
                                    null,
                                    "It waits until the account of " + host + " is mended.");
                    case WAITING_FOR_HOST ->
                            new Outcome(
                                    ExitCode.NO_HOST, null, "It waits for the host " + host + ".");
                    default -> unfinished("It has not ended.");
                };
        return error == null
                ? stuck
                : new Outcome(stuck.exit, error.errorClass().name(), error.message());
    }

    private static Outcome unfinished(String sentence) {
        return new Outcome(ExitCode.UNFINISHED, null, sentence);
    }
}
