package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;

/** The service does not know the session any more (F8). */
final class SessionGoneException extends DownloadException {
    private static final long serialVersionUID = 1L;

    SessionGoneException() {
        super(ErrorClass.AUTH, "Fshare ended the session.");
    }
}
