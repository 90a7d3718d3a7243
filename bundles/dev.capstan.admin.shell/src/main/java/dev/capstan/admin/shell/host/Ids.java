package dev.capstan.admin.shell.host;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.download.Download;
import dev.capstan.download.Downloads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ids as people write them: shortened to what is enough. */
public final class Ids {
    private static final int SHORTEST = 8;
    private static final int STEP = 2;
    private static final int MOST_SHORTENED = 200;
    private static final int CANDIDATES = 5;

    private Ids() {}

    /** The one download whose id begins with a prefix. */
    public static Download resolve(Downloads downloads, String prefix) throws CommandException {
        var found = prefix.isEmpty() ? List.<Download>of() : downloads.match(prefix, CANDIDATES);
        if (found.isEmpty()) {
            throw CommandException.failed(
                    "No download has an id that begins with \"" + Text.clean(prefix) + "\".");
        }
        if (found.size() > 1) {
            throw CommandException.usage(ambiguous(prefix, found));
        }
        return found.get(0);
    }

    /**
     * The shortest ids that name each of some downloads among all there are; whole ids where there
     * are too many to ask for each.
     */
    public static Map<String, String> shorten(Downloads downloads, List<Download> some) {
        var shortened = new HashMap<String, String>();
        for (var download : some) {
            var id = download.id();
            var length = some.size() > MOST_SHORTENED ? id.length() : SHORTEST;
            while (length < id.length() && downloads.match(id.substring(0, length), 2).size() > 1) {
                length += STEP;
            }
            shortened.put(id, id.substring(0, Math.min(length, id.length())));
        }
        return shortened;
    }

    private static String ambiguous(String prefix, List<Download> found) {
        var sentence = new StringBuilder("\"" + Text.clean(prefix) + "\" may be ");
        for (int i = 0; i < found.size(); i++) {
            var last = i == found.size() - 1;
            sentence.append(i == 0 ? "" : last ? " or " : ", ");
            sentence.append(found.get(i).id());
            sentence.append(" (").append(Text.cut(name(found.get(i)), 30)).append(')');
        }
        sentence.append(
                found.size() == CANDIDATES
                        ? ", or more; write more of it."
                        : "; write more of it.");
        return sentence.toString();
    }

    private static String name(Download download) {
        return Text.clean(download.displayName());
    }
}
