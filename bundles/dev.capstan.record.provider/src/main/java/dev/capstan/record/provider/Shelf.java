package dev.capstan.record.provider;

import dev.capstan.name.DurableFile;
import dev.capstan.name.Ulid;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where records lie: a file of JSON for each in one folder, read when somebody first asks for it,
 * since a start must not wait for thousands of them, and written through. A change is on the disk
 * before anybody sees it. What cannot be read is left where it is, and told.
 *
 * <p>Safe for any number of threads. Readers take no lock; writers follow each other under one,
 * which is held while a file is written, for whoever waits for it wants to write as well.
 */
final class Shelf {
    private static final System.Logger LOG = System.getLogger(Shelf.class.getName());
    private static final String SUFFIX = ".json";

    private final Path folder;
    private final NavigableMap<String, Place> places = new ConcurrentSkipListMap<>();
    private final Object writing = new Object();

    /** Opens the shelf; what a killed process did not finish writing is removed. */
    Shelf(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (name.endsWith(DurableFile.UNFINISHED)) {
                    Files.delete(file);
                } else if (name.endsWith(SUFFIX) && Ulid.isOne(name.replace(SUFFIX, ""))) {
                    places.put(name.replace(SUFFIX, ""), new Place(file));
                }
            }
        }
    }

    Optional<Entry> get(String id) {
        return Optional.ofNullable(places.get(id)).flatMap(Place::entry);
    }

    /** An entry that must be there. */
    Entry require(String id) throws RecordException {
        return get(id).orElseThrow(
                        () -> new RecordException(Reason.NOT_FOUND, "There is no record " + id));
    }

    /** Newest first. */
    List<EtchedRecord> page(@Nullable String before, int limit) {
        var older = before == null ? places : places.headMap(before, false);
        return entries(older.descendingMap()).limit(limit).map(Entry::record).toList();
    }

    Optional<Entry> inSlot(String slot) {
        return entries(places).filter(entry -> slot.equals(entry.slot())).findFirst();
    }

    List<Entry> of(URI library) {
        return entries(places).filter(entry -> Objects.equals(library, entry.library())).toList();
    }

    /** Puts an entry there, durably, in place of one with its id. */
    void put(Entry entry) throws RecordException {
        synchronized (writing) {
            write(entry);
        }
    }

    /**
     * Changes an entry that is there.
     *
     * @return the entry as it is now, or empty if there is none
     */
    Optional<Entry> change(String id, UnaryOperator<Entry> change) throws RecordException {
        synchronized (writing) {
            var before = get(id).orElse(null);
            if (before == null) {
                return Optional.empty();
            }
            var after = change.apply(before);
            if (!after.equals(before)) {
                write(after);
            }
            return Optional.of(after);
        }
    }

    Optional<Entry> remove(String id) throws RecordException {
        synchronized (writing) {
            var entry = get(id).orElse(null);
            if (entry == null) {
                return Optional.empty();
            }
            try {
                DurableFile.delete(folder.resolve(id + SUFFIX));
            } catch (IOException e) {
                throw failed("removed", e);
            }
            places.remove(id);
            return Optional.of(entry);
        }
    }

    private void write(Entry entry) throws RecordException {
        try {
            DurableFile.write(folder.resolve(entry.id() + SUFFIX), RecordJson.write(entry));
        } catch (IOException e) {
            throw failed("written", e);
        }
        places.put(entry.id(), new Place(entry));
    }

    private static Stream<Entry> entries(NavigableMap<String, Place> places) {
        return places.values().stream().flatMap(place -> place.entry().stream());
    }

    private static Optional<Entry> read(Path file) {
        try {
            var entry = RecordJson.readEntry(Files.readString(file));
            if (!file.endsWith(entry.id() + SUFFIX)) {
                throw new IllegalArgumentException("It holds the record " + entry.id());
            }
            return Optional.of(entry);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it is being removed
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "The record {0} cannot be read and is passed over: {1}",
                    file,
                    Faults.sentence(e));
            return Optional.empty();
        }
    }

    /** An entry, or the file it is still to be read from. Read twice at once, it is the same. */
    private static final class Place {
        private volatile @Nullable Path unread;
        private volatile Optional<Entry> entry;

        Place(Path file) {
            unread = file;
            entry = Optional.empty();
        }

        Place(Entry entry) {
            this.entry = Optional.of(entry);
        }

        Optional<Entry> entry() {
            var file = unread;
            if (file != null) {
                entry = read(file);
                unread = null;
            }
            return entry;
        }
    }

    private RecordException failed(String what, IOException cause) {
        return new RecordException(
                Reason.UNAVAILABLE,
                "The record could not be " + what + " in " + folder + ": " + cause.getMessage(),
                cause);
    }
}
