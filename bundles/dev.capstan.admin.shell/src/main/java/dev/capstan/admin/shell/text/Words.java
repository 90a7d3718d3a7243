package dev.capstan.admin.shell.text;

import dev.capstan.download.Download;
import dev.capstan.download.Phase;
import java.time.Duration;
import java.time.Instant;

/** What people call the state of a download. */
public final class Words {

    private Words() {}

    /** What it does or waits for, in a few words. */
    public static String doing(Download download, Instant now) {
        var status = download.status();
        return switch (status.phase()) {
            case NONE -> state(download);
            case RESOLVING -> "resolving the link";
            case EXPANDING -> "reading the list";
            case CONNECTING -> "connecting";
            case TRANSFERRING -> "downloading";
            case VERIFYING -> "verifying";
            case PLACING -> "placing the file";
            case RETRY_WAIT -> "next attempt in " + left(download, now);
            case HOST_WAIT -> "the host asks to wait " + left(download, now);
            case WAITING_FOR_HOST -> "waits for the host " + download.source().host();
            case WAITING_FOR_ENGINE -> "waits for an engine or a decryptor";
            case ACCOUNT_HELD -> "waits for the account of " + download.source().host();
            case DISK_FULL -> "disk full, waits for space";
            case SCHEDULE -> "waits for its scheduled time";
        };
    }

    /** The state as a word. */
    public static String state(Download download) {
        return switch (download.state()) {
            case QUEUED -> "queued";
            case STARTING -> "starting";
            case DOWNLOADING -> "downloading";
            case PAUSED -> "paused";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    /** The colour of the state. */
    public static Style.Tint tint(Download download) {
        return switch (download.state()) {
            case STARTING, DOWNLOADING -> Style.Tint.MOVING;
            case COMPLETED -> Style.Tint.DONE;
            case FAILED -> Style.Tint.FAILED;
            case PAUSED -> Style.Tint.WAITING;
            case QUEUED ->
                    download.status().phase() == Phase.NONE ? Style.Tint.NONE : Style.Tint.WAITING;
            case CANCELLED -> Style.Tint.QUIET;
        };
    }

    /** The name of a download, harmless on a terminal. */
    public static String name(Download download) {
        return Text.clean(download.displayName());
    }

    private static String left(Download download, Instant now) {
        var until = download.status().waitUntil();
        return until == null || until.isBefore(now)
                ? "a moment"
                : Units.clock(Duration.between(now, until));
    }
}
