package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.content.Content;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** {@code cache}: what the content store holds. */
public final class Cache implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Tells what the store holds, checks it, and frees space.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [ls | verify [DIGEST...] | evict DIGEST...]

            Without a word it tells how much is stored. ls lists the items, verify hashes them
            again, evict removes them from the store; placed files stay. A DIGEST may be shortened.

            """;

    private static final Definition DEFINITION =
            new Definition("cache", SUMMARY, ARGUMENTS, "capstan cache\ncapstan cache verify");

    static final List<String> ACTIONS = List.of("ls", "verify", "evict");
    private static final int PAGE = 500;
    private static final int SHORT = 12;
    private static final int DIGITS = 64;

    private final Services services;

    Cache(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var words = call.arguments().operands();
        var contents = services.contents();
        var named = words.isEmpty() ? words : words.subList(1, words.size());
        return switch (words.isEmpty() ? "" : words.get(0)) {
            case "" -> Answer.of(contents.usage());
            case "ls" -> Answer.of(list(contents, call.console().outIsTerminal()));
            case "verify" -> verify(contents, named, call);
            case "evict" -> evict(contents, named, call);
            default ->
                    throw CommandException.usage(
                            "cache cannot \""
                                    + words.get(0)
                                    + "\""
                                    + Nearest.hint(words.get(0), ACTIONS));
        };
    }

    private static Listing<Content> list(Contents contents, boolean shortDigests) {
        var all = new ArrayList<Content>();
        each(contents, all::add);
        var columns =
                List.<Column<Content>>of(
                        Column.left("DIGEST", row -> digest(row, shortDigests)),
                        Column.right("SIZE", row -> Units.bytes(row.size())),
                        Column.left("", row -> row.pins().isEmpty() ? "" : "kept"),
                        Column.cut("FROM", Cache::source));
        return new Listing<>(all, columns, all.isEmpty() ? "The store is empty." : "");
    }

    private static Answer verify(Contents contents, List<String> named, Invocation call)
            throws CommandException, InterruptedException {
        var items = new ArrayList<Content>();
        if (named.isEmpty()) {
            each(contents, items::add);
        }
        for (var prefix : named) {
            items.add(find(contents, prefix));
        }
        var exit = ExitCode.DONE;
        var damaged = 0;
        for (var item : items) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                if (!contents.verify(item.digest())) {
                    damaged++;
                    call.complain(item.digest().hex() + " was damaged and is set aside.");
                    exit = ExitCode.of(ErrorClass.CHECKSUM, DownloadException.Detail.NONE);
                }
            } catch (DownloadException e) {
                call.complain(item.digest().hex() + ": " + CommandException.sentence(e));
                exit = exit == ExitCode.DONE ? ExitCode.of(e.errorClass(), e.detail()) : exit;
            }
        }
        var sentence = Units.count(items.size(), "item") + " checked, " + damaged + " damaged.";
        return new Answer(exit, sentence);
    }

    private static Answer evict(Contents contents, List<String> named, Invocation call)
            throws CommandException {
        if (named.isEmpty()) {
            throw CommandException.usage(
                    "cache evict needs a digest; \"capstan cache ls\" lists them.");
        }
        var exit = ExitCode.DONE;
        for (var prefix : named) {
            var item = find(contents, prefix);
            if (!contents.evict(item.digest())) {
                call.complain(item.digest().hex() + " is being read, or kept by somebody.");
                exit = ExitCode.FAILED;
            }
        }
        return Answer.exit(exit);
    }

    private static void each(Contents contents, Consumer<Content> action) {
        Digest after = null;
        while (true) {
            var page = contents.list(after, PAGE);
            page.forEach(action);
            if (page.size() < PAGE) {
                return;
            }
            after = page.get(page.size() - 1).digest();
        }
    }

    /**
     * Items come in the order of their digests, so those that begin with a prefix come after it.
     */
    private static Content find(Contents contents, String prefix) throws CommandException {
        var wanted = prefix.toLowerCase(Locale.ROOT);
        var found = new ArrayList<Content>();
        if (wanted.length() == DIGITS && isHex(wanted)) {
            contents.find(Digest.sha256(wanted)).ifPresent(found::add);
        } else if (wanted.length() < DIGITS && isHex(wanted)) {
            var first = Digest.sha256(wanted + "0".repeat(DIGITS - wanted.length()));
            for (var item : contents.list(first, 2)) {
                if (item.digest().hex().startsWith(wanted)) {
                    found.add(item);
                }
            }
        }
        if (found.size() != 1) {
            var problem = found.isEmpty() ? "No item has" : "Several items have";
            throw CommandException.failed(
                    problem + " a digest that begins with \"" + Text.clean(prefix) + "\".");
        }
        return found.get(0);
    }

    private static boolean isHex(String text) {
        return text.matches("[0-9a-f]+");
    }

    private static String digest(Content item, boolean shortened) {
        var hex = item.digest().hex();
        return shortened ? hex.substring(0, SHORT) : hex;
    }

    private static String source(Content item) {
        return item.source() == null ? "" : item.source().toString();
    }
}
