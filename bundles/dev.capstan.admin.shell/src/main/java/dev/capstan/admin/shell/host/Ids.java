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

    /** The one download whose id begins with a prefix, or that a link stands for (D1). */
    public static Download resolve(Downloads downloads, String prefix)
            throws CommandException, InterruptedException {
        if (isLink(prefix)) {
            return withLink(downloads, prefix);
        }
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

    private static Download withLink(Downloads downloads, String link)
            throws CommandException, InterruptedException {
        var found = Promises.await(downloads.withLink(link));
        if (found.isEmpty()) {
            throw CommandException.failed("There is no download of " + Text.clean(link) + ".");
        }
        if (found.size() > 1) {
            var some = found.subList(0, Math.min(found.size(), CANDIDATES));
            throw CommandException.usage(ambiguous(link, some));
        }
        return found.get(0);
    }

    /** Whether a text is a link: no id has these characters, and every link has one of them. */
    public static boolean isLink(String text) {
        return text.indexOf(':') >= 0 || text.indexOf('_') >= 0;
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
