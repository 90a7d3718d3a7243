package dev.capstan.admin.shell.record;

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
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordFormat;
import dev.capstan.record.RecordLibrary;
import dev.capstan.record.Records;
import dev.capstan.record.Track;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** {@code records}: what lies on the shelf, and what is done with it (E7, E8, E10). */
public final class RecordShelf implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Lists records, hands them on, and plays them in step.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [ACTION...]

            Without a word it lists the records, newest first. A RECORD is its name or how its id
            begins.

              show RECORD...           all there is to say of them
              again RECORD...          etches them once more, where the content has changed
              keep RECORD...           keeps their content from being given up
              release RECORD...        no longer
              rm RECORD...             removes them; content stays by the store's own rules
              export [RECORD...]       writes them to standard output
              import FILE              takes records or a playlist; - is standard input
              libraries                lists the shared libraries that are followed
              follow LINK              follows a shared library
              refresh [LINK]           asks libraries whether they have changed
              unfollow LINK            follows it no longer, and removes its records
              listen RECORD            plays it aloud on the host's machine, where mpv is
              stop RECORD              ends that
              pause | resume RECORD    for all who listen
              seek RECORD SECONDS      for all who listen
              shuffle RECORD on|off    for all who listen
              repeat RECORD none|track|all

                  --m3u   writes a playlist for players, and not JSON

            """;

    private static final Definition DEFINITION =
            new Definition(
                    "records",
                    SUMMARY,
                    ARGUMENTS,
                    """
                    capstan records
                    capstan records export --m3u "Evening songs" > evening.m3u8
                    capstan records follow https://example.org/library.json""");

    private static final int MOST_TEXT = 16 << 20;

    /** Its actions. */
    public static final List<String> ACTIONS =
            List.of(
                    "show",
                    "again",
                    "keep",
                    "release",
                    "rm",
                    "export",
                    "import",
                    "libraries",
                    "follow",
                    "refresh",
                    "unfollow",
                    "listen",
                    "stop",
                    "pause",
                    "resume",
                    "seek",
                    "shuffle",
                    "repeat");

    private final Services services;

    /** Creates the verb. */
    public RecordShelf(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var words = call.arguments().operands();
        var records = services.records();
        if (words.isEmpty()) {
            return Answer.of(list(records, call.console().outIsTerminal()));
        }
        var action = words.get(0);
        var named = words.subList(1, words.size());
        try {
            return switch (action) {
                case "show" -> show(records, some(action, named), call);
                case "again" -> again(records, some(action, named));
                case "keep", "release" -> keep(records, some(action, named), action.equals("keep"));
                case "rm" -> remove(records, some(action, named));
                case "export" -> export(records, named, call);
                case "import" -> take(one(action, named), call);
                case "libraries" -> Answer.of(libraries());
                case "follow" -> follow(one(action, named));
                case "refresh" -> refresh(named);
                case "unfollow" -> unfollow(one(action, named));
                default -> new Listening(services, records).run(action, named);
            };
        } catch (RecordException e) {
            throw RecordNames.of(e);
        }
    }

    static CommandException unknown(String action) {
        return CommandException.usage(
                "records cannot \"" + action + "\"" + Nearest.hint(action, ACTIONS));
    }

    private static Listing<EtchedRecord> list(Records records, boolean shortIds) {
        var all = new ArrayList<EtchedRecord>();
        RecordNames.each(records, all::add);
        var columns =
                List.<Column<EtchedRecord>>of(
                        Column.left("ID", row -> RecordNames.shortId(row, shortIds)),
                        Column.right("TRACKS", row -> Integer.toString(row.tracks().size())),
                        Column.right("SIZE", RecordShelf::size),
                        Column.cut("NAME", EtchedRecord::name));
        return new Listing<>(all, columns, all.isEmpty() ? "There are no records." : "");
    }

    private static String size(EtchedRecord record) {
        var known = record.tracks().stream().mapToLong(Track::size).filter(size -> size >= 0);
        return Units.bytes(known.sum());
    }

    private static Answer show(Records records, List<String> named, Invocation call)
            throws CommandException {
        var stories = new ArrayList<RecordStory>();
        for (var record : RecordNames.resolve(records, named)) {
            stories.add(new RecordStory(record, records.playtime(record.id()).orElse(null)));
        }
        if (stories.size() == 1) {
            return Answer.of(stories.get(0));
        }
        var width = call.console().outWidth();
        stories.forEach(story -> call.console().out().print(story.render(width, Style.PLAIN)));
        return Answer.DONE;
    }

    private static Answer again(Records records, List<String> named)
            throws CommandException, InterruptedException {
        for (var record : RecordNames.resolve(records, named)) {
            RecordNames.await(records.etchAgain(record.id()));
        }
        return Answer.DONE;
    }

    private static Answer keep(Records records, List<String> named, boolean keep)
            throws CommandException {
        for (var record : RecordNames.resolve(records, named)) {
            records.keep(record.id(), keep);
        }
        return Answer.DONE;
    }

    private static Answer remove(Records records, List<String> named) throws CommandException {
        for (var record : RecordNames.resolve(records, named)) {
            records.remove(record.id());
        }
        return Answer.DONE;
    }

    private Answer export(Records records, List<String> named, Invocation call)
            throws CommandException, RecordException {
        var format = call.arguments().has("m3u") ? RecordFormat.M3U8 : RecordFormat.JSON;
        var ids = RecordNames.resolve(records, named).stream().map(EtchedRecord::id).toList();
        call.console().out().print(services.exchange().write(ids, format));
        return Answer.DONE;
    }

    private Answer take(String file, Invocation call)
            throws CommandException, InterruptedException {
        String text;
        try (var in =
                file.equals("-")
                        ? call.console().in()
                        : Files.newInputStream(call.folder().resolve(file))) {
            var bytes = in.readNBytes(MOST_TEXT + 1);
            if (bytes.length > MOST_TEXT) {
                throw CommandException.failed(file + " is larger than 16 MiB.");
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw CommandException.failed(file + " cannot be read: " + e.getMessage());
        }
        var taken = RecordNames.await(services.exchange().read(text, Trust.OPERATOR));
        return Answer.of(Units.count(taken.size(), "record") + " taken.");
    }

    private Listing<RecordLibrary> libraries() throws CommandException {
        var followed = services.exchange().libraries();
        var columns =
                List.<Column<RecordLibrary>>of(
                        Column.right("RECORDS", row -> Integer.toString(row.records())),
                        Column.left("REFRESHED", row -> String.valueOf(row.refreshed())),
                        Column.cut("LIBRARY", row -> row.uri().toString()),
                        Column.cut("", row -> row.problem() == null ? "" : row.problem()));
        return new Listing<>(followed, columns, followed.isEmpty() ? "None is followed." : "");
    }

    private Answer follow(String link) throws CommandException, InterruptedException {
        var library = RecordNames.await(services.exchange().follow(uri(link), Trust.OPERATOR));
        return Answer.of(Units.count(library.records(), "record") + " in " + library.uri());
    }

    private Answer refresh(List<String> links) throws CommandException, InterruptedException {
        var wanted = new ArrayList<URI>();
        for (var link : links) {
            wanted.add(uri(link));
        }
        if (links.isEmpty()) {
            services.exchange().libraries().forEach(library -> wanted.add(library.uri()));
        }
        for (var uri : wanted) {
            RecordNames.await(services.exchange().refresh(uri));
        }
        return Answer.of(libraries());
    }

    private Answer unfollow(String link) throws CommandException {
        return Answer.exit(
                services.exchange().unfollow(uri(link)) ? ExitCode.DONE : ExitCode.FAILED);
    }

    private static URI uri(String link) throws CommandException {
        try {
            return URI.create(link);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("\"" + link + "\" is no link.");
        }
    }

    private static List<String> some(String action, List<String> named) throws CommandException {
        if (named.isEmpty()) {
            throw CommandException.usage("records " + action + " needs a record.");
        }
        return named;
    }

    private static String one(String action, List<String> named) throws CommandException {
        if (named.size() != 1) {
            throw CommandException.usage("records " + action + " needs one word.");
        }
        return named.get(0);
    }
}
