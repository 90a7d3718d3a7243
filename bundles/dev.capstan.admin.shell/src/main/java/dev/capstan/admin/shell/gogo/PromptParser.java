package dev.capstan.admin.shell.gogo;

import org.apache.felix.gogo.jline.Parser;
import org.jline.reader.ParsedLine;

/**
 * Gogo's parser, for people who paste links: in a line that is about to run, each word that is a
 * link stands for itself, although {@code & ? % # ( )} mean something to Gogo. Quotes and variables
 * are left to Gogo.
 */
final class PromptParser implements org.jline.reader.Parser {
    private static final String CLOSING = ")]};";

    private final org.jline.reader.Parser gogo = new Parser();

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        return context == ParseContext.ACCEPT_LINE
                ? gogo.parse(quoteLinks(line), cursor, context)
                : gogo.parse(line, cursor, context);
    }

    /** The same line with each bare link in quotes. */
    static String quoteLinks(String line) {
        if (!line.contains("://")) {
            return line;
        }
        var quoted = new StringBuilder();
        for (int at = 0; at < line.length(); ) {
            var c = line.charAt(at);
            var end = at + 1;
            if (c == '\'' || c == '"') {
                end = endOfQuotes(line, at);
                quoted.append(line, at, end);
            } else if (Character.isLetter(c)) {
                end = endOfWord(line, at);
                quoted.append(quoteLink(line.substring(at, end)));
            } else {
                quoted.append(c);
            }
            at = end;
        }
        return quoted.toString();
    }

    private static String quoteLink(String word) {
        var bare = word.indexOf('\'') < 0 && word.indexOf('"') < 0 && word.indexOf('$') < 0;
        if (!bare || !word.contains("://")) {
            return word;
        }
        var end = word.length();
        while (CLOSING.indexOf(word.charAt(end - 1)) >= 0 && !closes(word.substring(0, end))) {
            end--;
        }
        return "'" + word.substring(0, end) + "'" + word.substring(end);
    }

    /** Whether the last character closes something that the word itself has opened. */
    private static boolean closes(String word) {
        var last = word.charAt(word.length() - 1);
        var opening = last == ')' ? '(' : last == ']' ? '[' : last == '}' ? '{' : '\0';
        var depth = 0;
        for (int i = 0; i < word.length(); i++) {
            depth += word.charAt(i) == opening ? 1 : word.charAt(i) == last ? -1 : 0;
        }
        return depth >= 0;
    }

    private static int endOfWord(String line, int from) {
        var end = from;
        while (end < line.length()
                && !Character.isWhitespace(line.charAt(end))
                && line.charAt(end) != '|') {
            end++;
        }
        return end;
    }

    private static int endOfQuotes(String line, int from) {
        for (int i = from + 1; i < line.length(); i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == line.charAt(from)) {
                return i + 1;
            }
        }
        return line.length();
    }
}
