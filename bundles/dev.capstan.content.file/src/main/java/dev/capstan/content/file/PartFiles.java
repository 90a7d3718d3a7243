package dev.capstan.content.file;

import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.RangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The two files of a {@link Part}: named, made, opened if they fit each other, removed. */
final class PartFiles {
    private static final Pattern NAME = Pattern.compile("([1-9][0-9]{0,8})\\.(part|ranges)");

    private PartFiles() {}

    static Path data(Path folder, int number) {
        return folder.resolve(number + ".part");
    }

    static Path journal(Path folder, int number) {
        return folder.resolve(number + ".ranges");
    }

    /** The versions in a folder, newest first. */
    static List<Integer> numbers(Path folder) throws IOException {
        return Disk.list(folder).stream()
                .map(path -> NAME.matcher(path.getFileName().toString()))
                .filter(name -> name.matches())
                .map(name -> Integer.valueOf(name.group(1)))
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** Begins with nothing. The part is there as soon as its journal is whole. */
    static Part create(
            Path folder,
            int number,
            IngestRequest request,
            Identity identity,
            Part.Surroundings around)
            throws IOException {
        Files.createDirectories(folder);
        var path = data(folder, number);
        Files.deleteIfExists(path);
        var data = DiskFile.write(path);
        try {
            var file = FileState.of(path);
            var cipher = request.cipher();
            var first = new Checkpoint(0, file, identity, cipher, null, RangeSet.EMPTY);
            var journal = Journal.create(journal(folder, number), request.source(), first);
            journal.bind(around.bootId(), file.inode());
            var claims = new Claims(journal, data, first, cipher);
            return new Part(folder, number, data, claims, RangeSet.EMPTY, around);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /**
     * Goes on with what is there; null if there is no journal or it does not fit its file.
     *
     * @param request says which cipher the bytes are in; null to believe the journal
     */
    static @Nullable Part load(
            Path folder, int number, @Nullable IngestRequest request, Part.Surroundings around)
            throws IOException {
        var journal = Journal.open(journal(folder, number));
        if (journal == null) {
            return null;
        }
        Part part = null;
        try {
            part = fit(folder, number, journal, request, around);
            return part;
        } finally {
            if (part == null) {
                journal.close();
            }
        }
    }

    private static @Nullable Part fit(
            Path folder,
            int number,
            Journal journal,
            @Nullable IngestRequest request,
            Part.Surroundings around)
            throws IOException {
        var path = data(folder, number);
        var last = journal.newest();
        if (last == null
                || (request != null && !journal.source().equals(request.source()))
                || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        var file = FileState.of(path);
        var sameFile = file.inode() == last.file().inode();
        // A folder that was moved to another disk while nothing ran has other inodes; tools that
        // copy keep at least the microseconds.
        var movedFile =
                file.size() == last.file().size()
                        && file.modified() / 1000 == last.file().modified() / 1000;
        if (!sameFile && !movedFile) {
            return null;
        }
        // A commit that was cut short may have taken the right to write.
        Disk.makeWritable(path);
        var data = DiskFile.write(path);
        Part part = null;
        try {
            var cipher = request != null ? request.cipher() : last.cipher();
            var claims = new Claims(journal, data, last, cipher);
            journal.bind(around.bootId(), file.inode());
            var present = sameFile ? last.ranges().plus(claims.readSlots()) : last.ranges();
            if (present.minus(0, file.size()).isEmpty()) {
                if (!sameFile) {
                    // The first byte that is written takes the likeness away.
                    claims.write(last.identity(), null, present);
                }
                part = new Part(folder, number, data, claims, present, around);
            }
            return part;
        } finally {
            if (part == null) {
                data.close();
            }
        }
    }

    /** What the newest journal in a folder claims, without opening what it claims. */
    static RangeSet claimed(Path folder) throws IOException {
        for (var number : numbers(folder)) {
            var last = newest(folder, number);
            if (last != null) {
                return last.ranges();
            }
        }
        return RangeSet.EMPTY;
    }

    /** How many bytes the journals in a folder claim, without opening what they claim. */
    static long claimedBytes(Path folder) throws IOException {
        var sum = 0L;
        for (var number : numbers(folder)) {
            var last = newest(folder, number);
            sum += last == null ? 0 : last.ranges().size();
        }
        return sum;
    }

    private static @Nullable Checkpoint newest(Path folder, int number) throws IOException {
        try (var journal = Journal.look(journal(folder, number))) {
            return journal == null ? null : journal.newest();
        }
    }

    /** Removes what there is of a part: first what claims, then the data. */
    static void delete(Path folder, int number) throws IOException {
        Files.deleteIfExists(journal(folder, number));
        Files.deleteIfExists(data(folder, number));
    }
}
