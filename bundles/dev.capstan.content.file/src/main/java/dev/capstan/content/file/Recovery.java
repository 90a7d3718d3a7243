package dev.capstan.content.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** What a start finds of an end that came in between, and makes good. */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final Layout layout;
    private final Index index;
    private final Leases leases;

    Recovery(Layout layout, Index index, Leases leases) {
        this.layout = layout;
        this.index = index;
        this.leases = leases;
    }

    /**
     * P3: enters items that were published and not entered, and drops their staging. To be called
     * before anybody uses the store.
     */
    void finishCommits(Instant now) throws IOException {
        for (var leftover : Disk.list(layout.incoming())) {
            Files.deleteIfExists(leftover);
        }
        for (var folder : Disk.list(layout.staging())) {
            if (Layout.isHex(folder.getFileName().toString())) {
                for (var number : PartFiles.numbers(folder)) {
                    if (finishCommit(PartFiles.journal(folder, number), now)) {
                        Disk.removeFolder(folder);
                        break;
                    }
                }
            }
        }
    }

    private boolean finishCommit(Path path, Instant now) throws IOException {
        try (var journal = Journal.open(path)) {
            var last = journal == null ? null : journal.newest();
            var hex = last == null ? null : last.publishing();
            if (journal == null || last == null || hex == null || !isFile(layout.item(hex))) {
                return false;
            }
            var size = Files.size(layout.item(hex));
            var identity = last.identity();
            var origin = new Item.Origin(journal.source(), identity.validator(), now);
            index.change(
                    hex,
                    true,
                    known ->
                            (known != null ? known : Item.found(hex, size, now))
                                    .withOrigin(origin, identity.mediaType()));
            return index.isWritten(hex);
        }
    }

    /** P3: compares the content folder with the index. May run while the store is used. */
    void compare(Instant now) throws IOException, InterruptedException {
        var there = new HashSet<String>();
        var adopted = 0;
        for (var first : Disk.list(layout.content())) {
            if (first.getFileName().toString().length() != 2) {
                continue;
            }
            for (var second : Disk.list(first)) {
                for (var file : Disk.list(second)) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    var hex = file.getFileName().toString();
                    if (Layout.isHex(hex) && layout.item(hex).equals(file)) {
                        there.add(hex);
                        adopted += index.get(hex) == null && adopt(hex, now) ? 1 : 0;
                    }
                }
            }
        }
        var lost = dropLost(there);
        if (adopted + lost > 0) {
            LOG.log(
                    Level.INFO,
                    "The content folder held {0} items the index did not know, and {1} it knew were"
                            + " not there",
                    adopted,
                    lost);
        }
    }

    private boolean adopt(String hex, Instant now) throws IOException {
        if (!leases.tryNameAlone(hex)) {
            return false;
        }
        try {
            if (index.get(hex) != null || !isFile(layout.item(hex))) {
                return false;
            }
            var size = Files.size(layout.item(hex));
            index.change(hex, false, known -> known != null ? known : Item.found(hex, size, now));
            return true;
        } finally {
            leases.named(hex);
        }
    }

    private int dropLost(Set<String> there) {
        var lost = 0;
        for (var item : index.all()) {
            var hex = item.hex();
            if (there.contains(hex) || !leases.tryNameAlone(hex)) {
                continue;
            }
            try {
                if (!isFile(layout.item(hex))) {
                    index.change(hex, false, known -> null);
                    lost++;
                }
            } finally {
                leases.named(hex);
            }
        }
        return lost;
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
