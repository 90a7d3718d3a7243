package dev.capstan.content;

import dev.capstan.record.EtchedRecord;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes links that players read content by, with HTTP ranges, also while it still arrives. The
 * service is there while a face that serves them answers.
 *
 * <p>A link is unguessable, expires, and dies with the host that made it. Making one neither opens
 * nor fetches anything: whether there is something behind it shows when it is read.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: none.
 */
@ProviderType
public interface ContentLinks {

    /**
     * A link to the bytes of a download.
     *
     * @param id a full id
     * @return a new link
     */
    ContentLink ofDownload(String id);

    /**
     * E10: a link to a track of an etched record.
     *
     * @param record a record's id
     * @param track index of the track
     * @return a new link
     * @throws IllegalArgumentException if the index is negative
     */
    ContentLink ofTrack(String record, int track);

    /**
     * E10: a playlist of links to all tracks of records.
     *
     * @param records the records, in order
     * @return extended M3U in UTF-8, to be kept as secret as the links in it
     */
    String playlist(List<EtchedRecord> records);
}
