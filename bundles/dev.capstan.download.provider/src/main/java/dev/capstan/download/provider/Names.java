package dev.capstan.download.provider;

import dev.capstan.content.SourceKey;
import dev.capstan.name.SafeNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The names that downloads under way will give their files, so that no two of them meet in one
 * file. Downloads of the same bytes may share a name. Safe for any thread.
 *
 * <p>It knows nothing of files that are there already: placing never goes over one.
 */
final class Names {

    /** A name that is taken. */
    record Berth(Path folder, String name, SourceKey key) {}

    private final List<Berth> taken = new ArrayList<>();

    /** Takes a name, or the next numbered one that is free. */
    synchronized Berth take(Path folder, String wish, SourceKey key) {
        var name = wish;
        for (var n = 1; isTaken(folder, name, key); n++) {
            name = SafeNames.numbered(wish, n);
        }
        var berth = new Berth(folder, name, key);
        taken.add(berth);
        return berth;
    }

    synchronized void giveBack(Berth berth) {
        // One of several equal ones, where the same bytes go to the same file.
        taken.remove(berth);
    }

    private boolean isTaken(Path folder, String name, SourceKey key) {
        return taken.stream()
                .anyMatch(
                        other ->
                                other.folder.equals(folder)
                                        && SafeNames.mayCollide(other.name, name)
                                        && !(other.key.equals(key) && other.name.equals(name)));
    }
}
