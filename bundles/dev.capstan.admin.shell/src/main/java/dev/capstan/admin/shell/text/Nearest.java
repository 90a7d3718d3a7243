package dev.capstan.admin.shell.text;

import java.util.List;

/** Finds what somebody meant who misspelt a name. */
public final class Nearest {

    private Nearest() {}

    /**
     * The end of a sentence on an unknown name: "; did you mean X?", or a full stop where nothing
     * known is close.
     */
    public static String hint(String given, List<String> known) {
        var best = "";
        var distance = 2 + given.length() / 3;
        for (var name : known) {
            var d = name.startsWith(given) ? 1 : distance(given, name);
            if (d < distance) {
                distance = d;
                best = name;
            }
        }
        return best.isEmpty() ? "." : "; did you mean " + best + "?";
    }

    /** How many single characters must be put in, left out or exchanged. */
    private static int distance(String from, String to) {
        var row = new int[to.length() + 1];
        for (int i = 0; i < row.length; i++) {
            row[i] = i;
        }
        for (int i = 1; i <= from.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                var changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
