package dev.capstan.admin.shell.call;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of one call, taken apart by its verb's {@link Usage}. */
public final class Arguments {
    private final Usage usage;
    private final Map<String, List<String>> given = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    Arguments(Usage usage) {
        this.usage = usage;
    }

    void add(Usage.Option option, String value) {
        given.computeIfAbsent(option.name(), any -> new ArrayList<>()).add(value);
    }

    void operand(String word) {
        operands.add(word);
    }

    /** These options, and what they leave open as others say it. */
    public Arguments orElse(Arguments others) {
        var merged = new Arguments(usage);
        for (var option : usage.options()) {
            var own = values(option.name());
            var values = own.isEmpty() ? others.values(option.name()) : own;
            values.forEach(value -> merged.add(option, value));
        }
        return merged;
    }

    /** What was given that is no option. */
    public List<String> operands() {
        return operands;
    }

    /**
     * The operands, of which there must be some.
     *
     * @param what what is missing where there are none: "an id"
     */
    public List<String> someOperands(String what) throws CommandException {
        if (operands.isEmpty()) {
            throw CommandException.usage(usage.verb() + " needs " + what + ".");
        }
        return operands;
    }

    /** Makes sure that there are no operands. */
    public void noOperands() throws CommandException {
        if (!operands.isEmpty()) {
            throw CommandException.usage(
                    usage.verb() + " does not know what to do with \"" + operands.get(0) + "\".");
        }
    }

    /** Whether an option was given. */
    public boolean has(String option) {
        return !values(option).isEmpty();
    }

    /** The value of an option, the last one where it was repeated, or null where it is absent. */
    public @Nullable String value(String option) {
        var values = values(option);
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    /** All values of an option, in the order they were given. */
    public List<String> values(String option) {
        if (usage.find(option) == null) {
            throw new IllegalArgumentException(usage.verb() + " does not define --" + option);
        }
        return given.getOrDefault(option, List.of());
    }

    /** The value of an option that is a whole number. */
    public int number(String option, int absent, int min, int max) throws CommandException {
        var value = value(option);
        if (value == null) {
            return absent;
        }
        try {
            var number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        var range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
        throw CommandException.usage(
                "--" + option + " needs a number " + range + ", not \"" + value + "\".");
    }

    /** The value of an option that is a path. */
    public @Nullable Path path(String option) throws CommandException {
        var value = value(option);
        try {
            return value == null ? null : Path.of(value);
        } catch (InvalidPathException e) {
            throw CommandException.usage("--" + option + ": \"" + value + "\" is no path.");
        }
    }
}
