package dev.capstan.admin.shell.call;

import dev.capstan.admin.shell.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verb may be given, read from the text its user reads: the first line is the synopsis, each
 * line that begins with a dash describes an option, everything else is prose.
 *
 * <pre>
 * [options] LINK...
 *   -d, --dir DIR   folder for the files
 *   -q, --quiet     no progress
 * </pre>
 *
 * <p>Two spaces end an option's names and begin its description. What stands between the long name
 * and the description is the option's value. Values may follow as the next word, after {@code =},
 * or directly after the letter; {@code --} ends the options.
 *
 * @param verb the verb's name, for messages
 * @param synopsis the operands
 * @param options the options
 */
public record Usage(String verb, String synopsis, List<Option> options) {

    /** Options that every call takes: the launcher has acted on them where they matter. */
    public static final String EVERYWHERE =
            """
                  --data DIR                data folder; default $CAPSTAN_HOME, else ~/.capstan
                  --set PID:KEY=VALUE       sets a configuration value; may be repeated
                  --allow-private-networks  lets foreign links reach private addresses
                  --verbose                 tells more of what happens inside
              -h, --help                    shows this
            """;

    /**
     * One option.
     *
     * @param letter its short name, 0 for none
     * @param name its long name
     * @param value what its value is called, or null where it takes none
     * @param description what it does
     */
    public record Option(char letter, String name, @Nullable String value, String description) {}

    /** Reads a usage text. */
    public static Usage of(String verb, String text) {
        var options = new ArrayList<Option>();
        addAll(text, options);
        addAll(EVERYWHERE, options);
        var end = text.indexOf('\n');
        return new Usage(verb, end < 0 ? text : text.substring(0, end), List.copyOf(options));
    }

    /**
     * Reads the words of a call.
     *
     * @throws CommandException if a word is no option of the verb, or a value is missing
     */
    public Arguments parse(List<String> words) throws CommandException {
        var arguments = new Arguments(this);
        for (int at = 0; at < words.size(); at++) {
            var word = words.get(at);
            if (word.equals("--")) {
                words.subList(at + 1, words.size()).forEach(arguments::operand);
                break;
            } else if (word.startsWith("--")) {
                at = parseName(words, at, arguments);
            } else if (word.startsWith("-") && word.length() > 1) {
                at = parseLetters(words, at, arguments);
            } else {
                arguments.operand(word);
            }
        }
        return arguments;
    }

    @Nullable Option find(String name) {
        for (var option : options) {
            if (option.name.equals(name)) {
                return option;
            }
        }
        return null;
    }

    private int parseName(List<String> words, int at, Arguments arguments) throws CommandException {
        var word = words.get(at);
        var equals = word.indexOf('=');
        var name = word.substring(2, equals < 0 ? word.length() : equals);
        var option = find(name);
        if (option == null) {
            throw unknown("--" + name);
        }
        if (equals < 0) {
            return take(option, words, at, arguments);
        }
        var value = word.substring(equals + 1);
        if (option.value == null && !value.equals("true") && !value.equals("false")) {
            throw CommandException.usage("--" + name + " takes no value.");
        }
        if (option.value != null || value.equals("true")) {
            arguments.add(option, value);
        }
        return at;
    }

    private int parseLetters(List<String> words, int at, Arguments arguments)
            throws CommandException {
        var word = words.get(at);
        for (int i = 1; i < word.length(); i++) {
            var option = find(word.charAt(i));
            if (option == null) {
                throw unknown("-" + word.charAt(i));
            }
            if (option.value != null && i + 1 < word.length()) {
                arguments.add(option, word.substring(i + 1));
                return at;
            }
            at = take(option, words, at, arguments);
        }
        return at;
    }

    private int take(Option option, List<String> words, int at, Arguments arguments)
            throws CommandException {
        if (option.value == null) {
            arguments.add(option, "true");
            return at;
        }
        if (at + 1 == words.size()) {
            throw CommandException.usage("--" + option.name + " needs a value: " + option.value);
        }
        arguments.add(option, words.get(at + 1));
        return at + 1;
    }

    private @Nullable Option find(char letter) {
        for (var option : options) {
            if (option.letter == letter) {
                return option;
            }
        }
        return null;
    }

    private CommandException unknown(String given) {
        var known = new ArrayList<String>();
        for (var option : options) {
            known.add("--" + option.name);
        }
        var sentence = verb + " has no option " + given;
        return CommandException.usage(sentence + Nearest.hint(given, known));
    }

    private static void addAll(String text, List<Option> options) {
        for (int from = 0; from < text.length(); ) {
            var end = text.indexOf('\n', from);
            var line = text.substring(from, end < 0 ? text.length() : end).strip();
            if (line.startsWith("-")) {
                options.add(option(line));
            }
            from = end < 0 ? text.length() : end + 1;
        }
    }

    private static Option option(String line) {
        var end = line.indexOf("  ");
        var names = end < 0 ? line : line.substring(0, end);
        var description = end < 0 ? "" : line.substring(end).strip();
        var letter = names.charAt(1) == '-' ? 0 : names.charAt(1);
        var longName = names.substring(names.indexOf("--") + 2);
        var space = longName.indexOf(' ');
        return space < 0
                ? new Option((char) letter, longName, null, description)
                : new Option(
                        (char) letter,
                        longName.substring(0, space),
                        longName.substring(space + 1),
                        description);
    }
}
