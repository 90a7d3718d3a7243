package dev.capstan.record;

import dev.capstan.download.Trust;
import java.net.URI;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * Hands records on and takes them from others (E7). It moves no content: who takes a record fetches
 * its bytes when they are wanted.
 *
 * <p><b>Threads</b>: safe for any number; promises resolve on a thread of the provider.
 * <b>Errors</b>: {@link RecordException}.
 */
@ProviderType
public interface RecordExchange {

    /**
     * Writes records down. User information in links is left out.
     *
     * @param ids which; empty for all
     * @param format how
     * @return the text
     * @throws RecordException with NOT_FOUND if one of them is not here
     */
    String write(List<String> ids, RecordFormat format) throws RecordException;

    /**
     * Takes what was written down: all of it, or nothing. What has a checksum is taken as it is; a
     * playlist without them is etched, so that it gets some.
     *
     * @param text in any of the formats, at most 16 MiB
     * @param trust who gave it; the links reach no further than that
     * @return the records that are here now
     */
    Promise<List<EtchedRecord>> read(String text, Trust trust);

    /**
     * Shared libraries.
     *
     * @return a snapshot
     */
    List<RecordLibrary> libraries();

    /**
     * Follows a shared library: its records are here until they leave it. It is refreshed now and
     * again from time to time, and only moved when it has changed.
     *
     * @param uri http or https, of a text in the format JSON
     * @param trust who gave the address (S1); the links in it are the network's all the same
     * @return the library, once it was read
     */
    Promise<RecordLibrary> follow(URI uri, Trust trust);

    /**
     * Refreshes a library now.
     *
     * @param uri a library that is followed
     * @return the library
     */
    Promise<RecordLibrary> refresh(URI uri);

    /**
     * Follows a library no longer, and removes its records.
     *
     * @param uri a library
     * @return whether it was followed
     */
    boolean unfollow(URI uri);
}
