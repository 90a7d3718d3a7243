package dev.capstan.admin.shell.get;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a list of links in aria2's format: one link a line, and indented below it the options of
 * that link alone, {@code name=value} each. Of several links on one line, separated by tabs, which
 * name the same file, the first is taken. Empty lines and lines that begin with {@code #} are
 * nothing.
 */
final class InputFile {

    private InputFile() {}

    /**
     * A link and what is said of it.
     *
     * @param line where it stands
     * @param link the link
     * @param options its options, each as {@code --name=value}
     */
    record Entry(int line, String link, List<String> options) {}

    /** Reads all entries; the caller closes the stream. */
    static List<Entry> read(InputStream in) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var entries = new ArrayList<Entry>();
        var number = 0;
        for (String line; (line = reader.readLine()) != null; ) {
            number++;
            if (number == 1 && line.startsWith("\uFEFF")) {
                line = line.substring(1); // the mark some editors put before UTF-8
            }
            var text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            if (!Character.isWhitespace(line.charAt(0))) {
                var tab = text.indexOf('\t');
                var link = tab < 0 ? text : text.substring(0, tab);
                entries.add(new Entry(number, link, new ArrayList<>()));
            } else if (entries.isEmpty()) {
                throw new IOException("line " + number + " is indented and follows no link");
            } else {
                entries.get(entries.size() - 1).options().add("--" + text);
            }
        }
        return entries;
    }
}
