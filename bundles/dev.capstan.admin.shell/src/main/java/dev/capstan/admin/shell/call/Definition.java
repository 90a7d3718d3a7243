package dev.capstan.admin.shell.call;

/**
 * A verb's texts. What parses its options and what helps its user are one and the same.
 *
 * @param name what it is called
 * @param summary what it does, in a sentence
 * @param arguments what it may be given, as {@link Usage} reads it
 * @param examples calls that show it at work, one a line
 */
public record Definition(String name, String summary, String arguments, String examples) {

    /** What the verb may be given. */
    public Usage usage() {
        return Usage.of(name, arguments);
    }

    /** Everything a user may want to know of the verb. */
    public String help() {
        var text = new StringBuilder();
        text.append(summary).append("\n\nUsage: capstan ").append(name);
        text.append(arguments.isEmpty() || arguments.startsWith("\n") ? "" : " ");
        text.append(arguments.stripTrailing()).append("\n\n");
        text.append("Options of every verb:\n").append(Usage.EVERYWHERE);
        text.append("\nExamples:\n");
        for (var example : examples.split("\n")) {
            text.append("  ").append(example).append('\n');
        }
        return text.toString();
    }
}
