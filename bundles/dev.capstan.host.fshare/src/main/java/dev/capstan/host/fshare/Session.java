package dev.capstan.host.fshare;

/**
 * A log-in that worked. In memory only.
 *
 * @param token goes into bodies
 * @param id goes into the cookie {@code session_id}
 */
record Session(String token, String id) {

    /** Nothing: both parts are secret. */
    @Override
    public String toString() {
        return "Session[…]";
    }
}
