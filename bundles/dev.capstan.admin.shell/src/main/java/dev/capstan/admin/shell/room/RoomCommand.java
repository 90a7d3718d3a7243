package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.Arguments;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.Rooms;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code room}: makes, signs, joins and leaves rooms, and fetches pieces without one (R3, R4). */
public final class RoomCommand implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Brings friends to the same pieces: makes, signs and joins rooms.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] ACTION...

            A file that is "-" is standard input or output. A ROOM is how its id begins.

              identity USER          prints a user's public key; makes the key at the first call
              create                 makes a room file of --match-lock, --user and --transport
              sign ROOMFILE          signs it with the key of --as, in its place
              collect ROOMFILE...    puts the signatures of copies into one file
              join ROOMFILE          joins with --as, and waits until all have all pieces
              show ROOM...           who is there, and how far
              retry ROOM PIECE...    tries pieces again that failed
              leave ROOM...          says goodbye
              pieces MATCHLOCK       fetches --all pieces or the --mandatory ones, without a room

                  --match-lock FILE   which pieces there are; for join, where a room has its digest
                  --user ID=KEY       a user and the public key; once for each
                  --transport URI     who makes the room and where: tcp://ann@192.0.2.7:7777
                  --id ROOM           the room's id; else that of the address, or one made up
                  --piece COLL/PIECE  expects this piece of a collection; may be repeated
                  --reference         names the match lock by its digest
                  --valid-for HOURS   how long the file can be used to join; default 168
              -o, --out FILE          where the room file goes
                  --as USER           who signs or joins
              -d, --dir DIR           where folders of pieces go; else pieces/ of the downloads
                  --deadline SECONDS  fails if not everybody has everything by then
                  --min-speed BYTES   warns while a piece comes slower, in bytes a second
                  --abort-on-failure  fails as soon as a piece has failed by all its links
                  --from-members      takes pieces with promised digests from members, gives them
                  --all               pieces of all collections
                  --mandatory         pieces of mandatory collections
              -q, --quiet             shows no progress

            """;

    private static final Definition DEFINITION =
            new Definition(
                    "room",
                    SUMMARY,
                    ARGUMENTS,
                    """
                    capstan room identity ann
                    capstan room sign evening.json --as ann
                    capstan room join evening.json --as ann -d pieces
                    capstan room pieces --mandatory arena.json""");

    /** Its actions. */
    public static final List<String> ACTIONS =
            List.of(
                    "identity",
                    "create",
                    "sign",
                    "collect",
                    "join",
                    "show",
                    "retry",
                    "leave",
                    "pieces");

    private static final int USUAL_HOURS = 168;
    private static final int MOST_HOURS = 100_000;
    private static final String STREAM = "-";

    private final Services services;
    private final Feed feed;

    /** Creates the verb. */
    public RoomCommand(Services services, Feed feed) {
        this.services = services;
        this.feed = feed;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var words = call.arguments().someOperands("an action; \"capstan room --help\" lists them");
        var action = words.get(0);
        var named = words.subList(1, words.size());
        if (!ACTIONS.contains(action)) {
            throw CommandException.usage(
                    "room cannot \"" + Text.clean(action) + "\"" + Nearest.hint(action, ACTIONS));
        }
        var rooms = services.rooms();
        try {
            return switch (action) {
                case "identity" -> Answer.of(rooms.identity(one(action, named, "a user")));
                case "create" -> create(rooms, named, call);
                case "sign" -> sign(rooms, one(action, named, "a room file"), call);
                case "collect" -> collect(rooms, some(action, named, "room files"), call);
                case "join" ->
                        new Joining(services, rooms).run(one(action, named, "a room file"), call);
                case "show" -> show(rooms, some(action, named, "a room"), call);
                case "retry" -> retry(rooms, some(action, named, "a room and a piece"), call);
                case "leave" -> leave(rooms, some(action, named, "a room"));
                default ->
                        new PieceFetching(services, feed, rooms)
                                .run(one(action, named, "a match lock"), call);
            };
        } catch (RoomException e) {
            throw RoomNames.of(e);
        }
    }

    private static Answer create(Rooms rooms, List<String> named, Invocation call)
            throws CommandException, RoomException {
        if (!named.isEmpty()) {
            throw CommandException.usage("room create takes options only.");
        }
        var arguments = call.arguments();
        var hours = arguments.number("valid-for", USUAL_HOURS, 1, MOST_HOURS);
        var draft =
                new RoomDraft(
                        arguments.value("id"),
                        RoomFiles.read(given(arguments, "match-lock"), call),
                        arguments.has("reference"),
                        keys(arguments),
                        transport(given(arguments, "transport")),
                        expected(arguments),
                        Duration.ofHours(hours));
        var out = arguments.value("out");
        RoomFiles.create(rooms.create(draft), out == null ? STREAM : out, call);
        return Answer.DONE;
    }

    private static Map<String, String> keys(Arguments arguments) throws CommandException {
        var keys = new LinkedHashMap<String, String>();
        for (var user : arguments.values("user")) {
            var equals = user.lastIndexOf('='); // a key has none, an id may
            if (equals <= 0) {
                throw CommandException.usage("--user needs the form ID=KEY.");
            }
            if (keys.put(user.substring(0, equals), user.substring(equals + 1)) != null) {
                throw CommandException.usage("--user names somebody twice.");
            }
        }
        return keys;
    }

    private static URI transport(String address) throws CommandException {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            throw CommandException.usage(
                    "--transport: \"" + Text.clean(address) + "\" is no address.");
        }
    }

    /** No id has a slash (R2). */
    private static @Nullable Map<String, Set<String>> expected(Arguments arguments)
            throws CommandException {
        var expected = new LinkedHashMap<String, Set<String>>();
        for (var piece : arguments.values("piece")) {
            var slash = piece.indexOf('/');
            if (slash <= 0) {
                throw CommandException.usage("--piece needs the form COLLECTION/PIECE.");
            }
            expected.computeIfAbsent(piece.substring(0, slash), any -> new LinkedHashSet<>())
                    .add(piece.substring(slash + 1));
        }
        return expected.isEmpty() ? null : expected;
    }

    private static Answer sign(Rooms rooms, String file, Invocation call)
            throws CommandException, RoomException {
        var user = given(call.arguments(), "as");
        var out = call.arguments().value("out");
        var signed = rooms.sign(RoomFiles.read(file, call), user);
        RoomFiles.replace(signed, out == null ? file : out, call);
        return Answer.DONE;
    }

    private static Answer collect(Rooms rooms, List<String> files, Invocation call)
            throws CommandException, RoomException {
        var copies = new ArrayList<String>();
        for (var file : files) {
            copies.add(RoomFiles.read(file, call));
        }
        var out = call.arguments().value("out");
        RoomFiles.replace(rooms.collect(copies), out == null ? STREAM : out, call);
        return Answer.DONE;
    }

    private static Answer show(Rooms rooms, List<String> named, Invocation call)
            throws CommandException {
        var stories = new ArrayList<RoomStory>();
        for (var word : named) {
            stories.add(new RoomStory(RoomNames.resolve(rooms, word)));
        }
        if (stories.size() == 1) {
            return Answer.of(stories.get(0));
        }
        var console = call.console();
        var style = console.outStyle();
        stories.forEach(story -> console.out().print(story.render(console.outWidth(), style)));
        return Answer.DONE;
    }

    private static Answer retry(Rooms rooms, List<String> named, Invocation call)
            throws CommandException {
        if (named.size() < 2) {
            throw CommandException.usage("room retry needs a room and a piece.");
        }
        var room = RoomNames.resolve(rooms, named.get(0));
        var exit = ExitCode.DONE;
        for (var piece : named.subList(1, named.size())) {
            if (!rooms.retry(room.id(), piece)) {
                call.complain(piece + " has not failed in this room.");
                exit = ExitCode.FAILED;
            }
        }
        return Answer.exit(exit);
    }

    private static Answer leave(Rooms rooms, List<String> named)
            throws CommandException, InterruptedException {
        for (var word : named) {
            RoomNames.await(rooms.leave(RoomNames.resolve(rooms, word).id()));
        }
        return Answer.DONE;
    }

    static String given(Arguments arguments, String option) throws CommandException {
        var value = arguments.value(option);
        if (value == null || value.isEmpty()) {
            throw CommandException.usage("--" + option + " is missing.");
        }
        return value;
    }

    /** Where pieces go, absolute, or null for the usual place. */
    static @Nullable Path folder(Invocation call) throws CommandException {
        var folder = call.arguments().path("dir");
        return folder == null ? null : call.folder().resolve(folder).normalize();
    }

    private static List<String> some(String action, List<String> named, String what)
            throws CommandException {
        if (named.isEmpty()) {
            throw CommandException.usage("room " + action + " needs " + what + ".");
        }
        return named;
    }

    private static String one(String action, List<String> named, String what)
            throws CommandException {
        if (named.size() != 1) {
            throw CommandException.usage(
                    "room " + action + " needs " + what + (named.isEmpty() ? "." : ", and one."));
        }
        return named.get(0);
    }
}
