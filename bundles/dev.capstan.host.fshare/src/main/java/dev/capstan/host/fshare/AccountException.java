package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account.State;

/** The account does not work, and no call goes out until an operator has seen to it (F9). */
final class AccountException extends DownloadException {
    private static final long serialVersionUID = 1L;

    private final State state;

    AccountException(State state, String message) {
        super(ErrorClass.AUTH, message);
        this.state = state;
    }

    State state() {
        return state;
    }
}
