package dev.capstan.host.fshare;

/** What a log-in is made with, references resolved. In memory only. */
record Credentials(String email, String password, String appKey, String userAgent) {

    /** Nothing: it is all for Fshare alone. */
    @Override
    public String toString() {
        return "Credentials[…]";
    }
}
