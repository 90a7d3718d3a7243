package dev.capstan.record;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Plays records aloud on the host's own machine (E10), as listeners like any other (E8). The
 * service is there only where a player is installed.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: starting and stopping a player take less
 * than a few seconds.
 */
@ProviderType
public interface RecordPlayer {

    /**
     * Starts a player that joins a record and follows it until it is stopped or the record ends.
     *
     * @param record id of the record
     * @return the name it joined by
     * @throws RecordException with NOT_FOUND if there is no such record, UNAVAILABLE if the player
     *     does not start
     */
    String listen(String record) throws RecordException;

    /**
     * Stops a player.
     *
     * @param listener the name it joined by
     * @return whether it was there
     */
    boolean stop(String listener);

    /**
     * Players that run.
     *
     * @return the names they joined by
     */
    List<String> listeners();
}
