package dev.capstan.launcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command line, taken apart: what is the launcher's own, and the command that is left.
 *
 * <p>The launcher's options are recognised wherever they stand before a {@code --}. What it does
 * not know is the command's and passes as it is.
 *
 * @param data the data folder that was named, or empty
 * @param options configuration values that options stand for, as {@code PID:KEY=VALUE}
 * @param settings configuration values given with {@code --set}, as {@code PID:KEY=VALUE}
 * @param verbose whether {@code --verbose} was given, which the command sees too
 * @param command the verb and its own arguments; the verb is always there
 */
record Arguments(
        String data,
        List<String> options,
        List<String> settings,
        boolean verbose,
        List<String> command) {

    /** Options that say how much is told; they may stand before the verb. */
    private static final Set<String> VOLUME = Set.of("-q", "--quiet", "--verbose");

    Arguments {
        options = List.copyOf(options);
        settings = List.copyOf(settings);
        command = List.copyOf(command);
    }

    /**
     * Reads a command line.
     *
     * @param switches options that stand for a configuration value, by their name; one that ends in
     *     an equals sign takes the value from the line
     * @param defaultVerb the verb of a line that begins with none
     */
    static Arguments parse(List<String> line, Map<String, String> switches, String defaultVerb)
            throws LaunchException {
        var data = "";
        var options = new ArrayList<String>();
        var settings = new ArrayList<String>();
        var command = new ArrayList<String>();
        var words = new ArrayDeque<>(line);
        while (!words.isEmpty() && !words.peek().equals("--")) {
            var word = words.pop();
            var equals = word.startsWith("--") ? word.indexOf('=') : -1;
            var name = equals < 0 ? word : word.substring(0, equals);
            var stands = switches.getOrDefault(name, "");
            if (name.equals("--data") || name.equals("--set") || stands.endsWith("=")) {
                if (equals < 0 && words.isEmpty()) {
                    throw LaunchException.usage(name + " needs a value.");
                }
                var value = equals < 0 ? words.pop() : word.substring(equals + 1);
                if (!stands.isEmpty()) {
                    options.add(stands + value);
                } else if (name.equals("--set")) {
                    settings.add(value);
                } else if (value.isEmpty()) {
                    throw LaunchException.usage("--data needs the name of a folder.");
                } else {
                    data = value;
                }
            } else if (equals < 0 && !stands.isEmpty()) {
                options.add(stands);
            } else {
                command.add(word);
            }
        }
        command.addAll(words);
        var verbose = command.contains("--verbose");
        return new Arguments(data, options, settings, verbose, verbFirst(command, defaultVerb));
    }

    String verb() {
        return command.get(0);
    }

    /** Whether the call asks for a configuration that only a starting host can take. */
    boolean configures() {
        return !options.isEmpty() || !settings.isEmpty();
    }

    private static List<String> verbFirst(List<String> command, String defaultVerb) {
        var before = 0;
        while (before < command.size() && VOLUME.contains(command.get(before))) {
            before++;
        }
        var verbGiven = before < command.size() && !command.get(before).startsWith("-");
        var ordered = new ArrayList<String>();
        ordered.add(verbGiven ? command.get(before) : defaultVerb);
        ordered.addAll(command.subList(0, before));
        ordered.addAll(command.subList(verbGiven ? before + 1 : before, command.size()));
        return ordered;
    }
}
