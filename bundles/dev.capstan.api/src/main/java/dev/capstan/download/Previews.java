package dev.capstan.download;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * Looks at links before they are added. Hosts are asked as for a download, under the same guard and
 * with deadlines, but for nothing that costs quota (R7); nothing is stored.
 *
 * <p><b>Threads</b>: safe for any number; few links are looked at at once, whoever asks.
 * <b>Blocking</b>: none; the promise resolves after {@link #MOST} at the latest, on a thread of the
 * provider, so callbacks must be short.
 */
@ProviderType
public interface Previews {

    /** How many files of a listing are told. */
    int MOST_FILES = 1_000;

    /** After this time what was not seen is left out. */
    Duration MOST = Duration.ofSeconds(30);

    /**
     * Looks at links.
     *
     * @param requests links with what is needed to read them: trust, headers, password
     * @return one answer each, in the same order; a link that cannot be read does not harm the
     *     others. Fails with a {@link RefusedException} only while the service is stopping
     */
    Promise<List<Preview>> preview(List<DownloadRequest> requests);
}
