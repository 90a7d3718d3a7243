package dev.capstan.admin.rest.stream;

import java.time.Instant;

/**
 * What a link leads to.
 *
 * @param id of a download, or of a record
 * @param track index of the record's track, −1 for a download
 * @param expires when the link stops working
 */
record Target(String id, int track, Instant expires) {

    boolean isTrack() {
        return track >= 0;
    }
}
