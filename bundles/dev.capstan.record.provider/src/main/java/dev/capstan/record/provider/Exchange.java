package dev.capstan.record.provider;

import dev.capstan.download.Trust;
import dev.capstan.name.Ulid;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.RecordFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/** Writes records down and takes what others wrote (E7). Safe for any number of threads. */
final class Exchange {
    private static final int MOST_TEXT = 16 << 20;
    private static final int MOST_RECORDS = 100_000;
    private static final String NAMELESS = "Playlist";

    private final Shelf shelf;
    private final Etcher etcher;
    private final Ulid ids;
    private final InstantSource clock;
    private final PromiseFactory promises;

    Exchange(Shelf shelf, Etcher etcher, Ulid ids, InstantSource clock, PromiseFactory promises) {
        this.shelf = shelf;
        this.etcher = etcher;
        this.ids = ids;
        this.clock = clock;
        this.promises = promises;
    }

    String write(List<String> wanted, RecordFormat format) throws RecordException {
        var records = new ArrayList<EtchedRecord>();
        if (wanted.isEmpty()) {
            records.addAll(shelf.page(null, Integer.MAX_VALUE));
        }
        for (var id : wanted) {
            records.add(shelf.require(id).record());
        }
        return switch (format) {
            case JSON -> RecordJson.write(records);
            case M3U8 -> Playlist.write(records);
        };
    }

    /** Takes all records of a text, or none. */
    Promise<List<Entry>> read(String text, Trust trust) {
        try {
            if (text.length() > MOST_TEXT) {
                throw malformed("it is longer than 16 MiB");
            }
            if (!Playlist.isOne(text)) {
                return promises.resolved(take(records(text), trust));
            }
            var playlist = Playlist.read(text);
            Rules.tracks(playlist.items().size());
            var given = playlist.name();
            var name = given == null || given.isBlank() ? NAMELESS : given;
            if (playlist.items().stream().allMatch(Playlist.Item::hasDigest)) {
                var tracks = playlist.items().stream().map(item -> item.track(name)).toList();
                var record = new EtchedRecord(ids.next(), name, null, tracks, clock.instant());
                return promises.resolved(take(List.of(Rules.checked(record)), trust));
            }
            var links = playlist.items().stream().map(item -> item.link().toString()).toList();
            var request = EtchRequest.of(name, links).withTrust(trust);
            return etcher.etch(request).map(List::of);
        } catch (RecordException e) {
            return promises.failed(e);
        } catch (IllegalArgumentException e) {
            return promises.failed(malformed(Faults.sentence(e)));
        }
    }

    /** The records of a text, each of them checked. */
    List<EtchedRecord> records(String text) throws RecordException {
        try {
            var read = RecordJson.read(text, ids::next);
            if (read.size() > MOST_RECORDS) {
                throw malformed("it holds more than 100,000 records");
            }
            var checked = new ArrayList<EtchedRecord>();
            for (var record : read) {
                checked.add(dated(Rules.checked(record)));
            }
            return checked;
        } catch (IllegalArgumentException e) {
            throw malformed(Faults.sentence(e));
        }
    }

    /** Takes one record; the one that is here stands for it, if it names the same bytes. */
    Entry take(EtchedRecord record, Trust trust) throws RecordException {
        return take(List.of(dated(Rules.checked(record))), trust).get(0);
    }

    private List<Entry> take(List<EtchedRecord> records, Trust trust) throws RecordException {
        var taken = new ArrayList<Entry>();
        for (var record : records) {
            var there = shelf.get(record.id()).orElse(null);
            if (there != null && there.record().tracks().equals(record.tracks())) {
                taken.add(there);
                continue;
            }
            var entry =
                    new Entry(there == null ? record : renamed(record), trust, null, false, null);
            shelf.put(entry);
            taken.add(entry);
        }
        return taken;
    }

    private EtchedRecord renamed(EtchedRecord record) {
        return new EtchedRecord(
                ids.next(), record.name(), record.author(), record.tracks(), record.etched());
    }

    private EtchedRecord dated(EtchedRecord record) {
        return record.etched().equals(Instant.EPOCH)
                ? new EtchedRecord(
                        record.id(),
                        record.name(),
                        record.author(),
                        record.tracks(),
                        clock.instant())
                : record;
    }

    private static RecordException malformed(String why) {
        return new RecordException(Reason.INVALID, "The text cannot be taken: " + why + ".");
    }
}
