package dev.capstan.record.provider;

import dev.capstan.content.Digest;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Track;
import java.net.URI;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies on the shelf, with what is nobody else's business and is never handed on.
 *
 * @param record the record
 * @param trust how far its links reach when they are fetched again (S1)
 * @param slot what it was etched into, or null
 * @param kept whether its content is pinned
 * @param library the shared library it belongs to, or null
 */
record Entry(
        EtchedRecord record,
        Trust trust,
        @Nullable String slot,
        boolean kept,
        @Nullable URI library) {

    String id() {
        return record.id();
    }

    /** Who pins its content. */
    String pin() {
        return "record:" + id();
    }

    Entry with(EtchedRecord newer) {
        return new Entry(newer, trust, slot, kept, library);
    }

    Entry withKept(boolean keep) {
        return new Entry(record, trust, slot, keep, library);
    }

    /** E2: with what was found out about a track of an old record. */
    Entry upgraded(int index, Digest sha256, long size) {
        var old = record.tracks().get(index);
        var tracks = new ArrayList<>(record.tracks());
        tracks.set(
                index,
                new Track(
                        old.title(),
                        old.link(),
                        sha256,
                        old.md5(),
                        size,
                        old.mediaType(),
                        old.duration(),
                        old.tags()));
        return with(
                new EtchedRecord(
                        record.id(), record.name(), record.author(), tracks, record.etched()));
    }
}
