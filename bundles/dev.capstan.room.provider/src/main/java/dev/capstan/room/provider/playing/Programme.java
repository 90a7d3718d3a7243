package dev.capstan.room.provider.playing;

import dev.capstan.record.Playtime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a room plays, as its maker knows it (E8): where each record is, and on whose hosts somebody
 * listens. The maker need not have the record. What members say is put in one order here and told
 * to all, whoever said it, so that all come to the same end whatever crossed on its way.
 *
 * <p>Safe for any number of threads.
 */
public final class Programme {
    /** Records at once; of others nothing is told. */
    static final int MOST_RECORDS = 16;

    /** Who is no further off than this has said nothing new. */
    private static final Duration SAME = Duration.ofMillis(100);

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private boolean isUsed;

    private static final class Entry {
        private final Set<String> listeners = new LinkedHashSet<>();
        private Playtime playtime;

        Entry(Playtime playtime) {
            this.playtime = playtime;
        }
    }

    /** Creates an empty one. */
    public Programme() {}

    /**
     * Somebody says something.
     *
     * @param user who
     * @param cue what
     * @param now on the maker's clock
     * @return whether there is something to tell
     */
    public synchronized boolean hear(String user, Cue cue, Instant now) {
        var entry = entries.get(cue.record());
        var said = cue.playtime();
        if (said == null) {
            return entry != null && remove(cue.record(), entry, user);
        }
        return cue.isFresh(now) && play(user, cue, entry, said, now);
    }

    private boolean play(String user, Cue cue, @Nullable Entry known, Playtime said, Instant now) {
        if (known == null) {
            if (entries.size() >= MOST_RECORDS) {
                return false;
            }
            isUsed = true;
            var entry = new Entry(said);
            entry.listeners.add(user);
            entries.put(cue.record(), entry);
            return changed.add(cue.record());
        }
        known.listeners.add(user);
        if (cue.type().equals(Cue.LISTENING)
                || !Course.differ(
                        Course.at(null, known.playtime, now), Course.at(null, said, now), SAME)) {
            return false;
        }
        known.playtime = said;
        return changed.add(cue.record());
    }

    /**
     * Somebody is not there any more.
     *
     * @param user who
     * @return whether there is something to tell
     */
    public synchronized boolean gone(String user) {
        var isNews = false;
        for (var entry : List.copyOf(entries.entrySet())) {
            isNews |= remove(entry.getKey(), entry.getValue(), user);
        }
        return isNews;
    }

    private boolean remove(String id, Entry entry, String user) {
        if (!entry.listeners.remove(user) || !entry.listeners.isEmpty()) {
            return false;
        }
        entries.remove(id);
        changed.add(id);
        return true;
    }

    /**
     * What is to be told to all, once.
     *
     * @return for each record one cue at most
     */
    public synchronized List<Cue> changes() {
        var cues = new ArrayList<Cue>();
        for (var id : changed) {
            var entry = entries.get(id);
            cues.add(entry == null ? Cue.stopped(id) : Cue.playing(entry.playtime));
        }
        changed.clear();
        return cues;
    }

    /**
     * What is to be told to somebody who knows nothing, or not all.
     *
     * @return nothing in a room where nothing was ever played
     */
    public synchronized List<Cue> all() {
        var cues = new ArrayList<Cue>();
        if (isUsed) {
            cues.add(Cue.stopped(""));
            entries.values().forEach(entry -> cues.add(Cue.playing(entry.playtime)));
        }
        return cues;
    }
}
