package dev.capstan.transfer.http.wire;

import java.io.IOException;

/** What came is not HTTP as we accept it. The message says in what respect, and quotes nothing. */
final class BadMessage extends IOException {
    private static final long serialVersionUID = 1L;

    BadMessage(String message) {
        super(message);
    }
}
