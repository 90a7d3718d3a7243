package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import java.util.Map;

/** Where the account's values are kept, over restarts too. */
interface AccountStore {

    /**
     * Joins new values with those that are there.
     *
     * @return a complete set
     * @throws DownloadException with ACCOUNT if one is unknown, missing or malformed
     */
    Map<String, String> check(Map<String, String> values) throws DownloadException;

    /** Keeps a checked set; secrets go where secrets are. */
    void set(Map<String, String> checked) throws DownloadException, InterruptedException;

    void remove() throws DownloadException, InterruptedException;
}
