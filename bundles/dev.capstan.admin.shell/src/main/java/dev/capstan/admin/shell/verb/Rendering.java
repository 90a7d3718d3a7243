package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.content.Contents;
import dev.capstan.download.Download;
import dev.capstan.download.Statistics;
import org.jspecify.annotations.Nullable;

/** How the things look that verbs answer with. */
public final class Rendering {

    private Rendering() {}

    /** How something looks, or null where it is none of ours. */
    public static @Nullable Shown of(Object value) {
        if (value instanceof Shown shown) {
            return shown;
        }
        if (value instanceof Download download) {
            return new Story(download);
        }
        if (value instanceof Statistics statistics) {
            return new Numbers(statistics);
        }
        if (value instanceof Contents.Usage usage) {
            return new StoreUse(usage);
        }
        return null;
    }

    /** The lines of a verb's answer, each ended. */
    public static String text(Object value, int width, Style style) {
        var shown = of(value);
        return shown == null ? value + "\n" : shown.render(width, style);
    }
}
