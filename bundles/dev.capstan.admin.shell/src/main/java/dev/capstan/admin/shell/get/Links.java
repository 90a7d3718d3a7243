package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Usage;
import dev.capstan.admin.shell.text.Text;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The links of a call: its operands, and those of its input files, with what is said of each. */
public final class Links {

    /** The option that names an input file. */
    public static final String TEXT =
            """
              -i, --input-file FILE               links from a file, - for standard input: one a line,
                                                  below it its own options, indented, as name=value
            """;

    private static final Usage OF_ENTRY = Usage.of("An input file", LinkOptions.TEXT);

    private Links() {}

    /**
     * A link that somebody wants.
     *
     * @param link the link
     * @param options what is said of it
     */
    public record Wanted(String link, LinkOptions options) {}

    /** All links of a call; what is wrong with any of them is told before anything begins. */
    public static List<Wanted> of(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var options = new LinkOptions(arguments, call.folder());
        options.check();
        var wanted = new ArrayList<Wanted>();
        for (var link : arguments.operands()) {
            wanted.add(new Wanted(link(link, call.folder()), options));
        }
        for (var file : arguments.values("input-file")) {
            addAll(file, call, wanted);
        }
        if (wanted.isEmpty()) {
            throw CommandException.usage("There is no link to download.");
        }
        if (wanted.size() > 1 && options.namesOneFile()) {
            throw CommandException.usage(
                    "--out and --checksum are for a single link; an input file can name them for"
                            + " each.");
        }
        return wanted;
    }

    /** The path of a Metalink document stands for the link to it. */
    private static String link(String operand, Path folder) {
        if (!operand.toLowerCase(Locale.ROOT).endsWith(".meta4")) {
            return operand;
        }
        try {
            var path = folder.resolve(operand);
            return Files.isRegularFile(path)
                    ? path.toAbsolutePath().normalize().toUri().toString()
                    : operand;
        } catch (InvalidPathException e) {
            return operand;
        }
    }

    /** A link as it may be shown: without a user's name and password. */
    public static String withoutUser(String link) {
        var scheme = link.indexOf("://");
        if (scheme < 0) {
            return link;
        }
        var start = scheme + 3;
        var end = start;
        while (end < link.length() && "/?#".indexOf(link.charAt(end)) < 0) {
            end++;
        }
        var at = link.lastIndexOf('@', end - 1);
        return at < start ? link : link.substring(0, start) + link.substring(at + 1);
    }

    private static void addAll(String file, Invocation call, List<Wanted> wanted)
            throws CommandException, InterruptedException {
        for (var entry : read(file, call)) {
            try {
                var own = OF_ENTRY.parse(entry.options());
                own.noOperands();
                var options = new LinkOptions(own.orElse(call.arguments()), call.folder());
                options.check();
                wanted.add(new Wanted(entry.link(), options));
            } catch (CommandException e) {
                throw CommandException.usage(
                        file + ", line " + entry.line() + ": " + e.getMessage());
            }
        }
    }

    private static List<InputFile.Entry> read(String file, Invocation call)
            throws CommandException, InterruptedException {
        try {
            if (file.equals("-")) {
                return InputFile.read(call.console().in());
            }
            try (var in = Files.newInputStream(call.folder().resolve(file))) {
                return InputFile.read(in);
            }
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (NoSuchFileException e) {
            throw CommandException.usage("There is no input file " + Text.clean(file) + ".");
        } catch (IOException e) {
            throw CommandException.usage(
                    "The input file " + Text.clean(file) + " cannot be read: " + e.getMessage());
        }
    }
}
