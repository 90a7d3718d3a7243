package dev.capstan.host.fshare.fake;

/** What can be asked of Fshare. Faults are set, and calls are counted, for each. */
public enum Endpoint {
    /** {@code POST /user/login}. */
    LOGIN("POST", "/user/login"),
    /** {@code GET /user/get}: type, VIP end and traffic. */
    USER("GET", "/user/get"),
    /** {@code GET /user/logout}. */
    LOGOUT("GET", "/user/logout"),
    /** {@code POST /session/download}: makes a direct link. */
    DOWNLOAD("POST", "/session/download"),
    /** {@code POST /fileops/get}: name and size, with an account. */
    FILE_INFO("POST", "/fileops/get"),
    /** {@code POST /fileops/getFolderList}: a folder, with an account. */
    FOLDER_LIST("POST", "/fileops/getFolderList"),
    /** The listing of a folder or a file that needs no account. */
    LISTING("GET", ""),
    /** A direct link. */
    DELIVERY("GET", ""),
    /** Anything that Fshare does not have. It is answered with an HTML 404. */
    UNKNOWN("GET", "");

    private final String method;
    private final String path;

    Endpoint(String method, String path) {
        this.method = method;
        this.path = path;
    }

    String method() {
        return method;
    }

    /** Whether it needs a session. */
    boolean isForMembers() {
        return !path.isEmpty() && this != LOGIN;
    }

    /** The endpoint of the account API at a path below its base. */
    static Endpoint at(String path) {
        for (var endpoint : values()) {
            if (!endpoint.path.isEmpty() && endpoint.path.equals(path)) {
                return endpoint;
            }
        }
        return UNKNOWN;
    }
}
