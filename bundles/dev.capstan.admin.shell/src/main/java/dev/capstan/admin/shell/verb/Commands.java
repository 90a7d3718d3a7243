package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.get.Demo;
import dev.capstan.admin.shell.get.Get;
import dev.capstan.admin.shell.get.Wait;
import dev.capstan.admin.shell.get.Watch;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.record.Etch;
import dev.capstan.admin.shell.record.Prefetch;
import dev.capstan.admin.shell.record.RecordShelf;
import dev.capstan.admin.shell.room.RoomCommand;
import dev.capstan.admin.shell.room.RoomList;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.download.Command;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The verbs by name, and how a call of one runs from its words to its exit code.
 *
 * <p>Safe for any number of threads; each call runs on its caller's.
 */
@Component(service = Commands.class)
public final class Commands {

    /** All verbs, in the order a reader wants them. */
    public static final List<String> VERBS =
            List.of(
                    "get",
                    "add",
                    "ls",
                    "show",
                    "watch",
                    "wait",
                    "pause",
                    "resume",
                    "cancel",
                    "retry",
                    "rm",
                    "play",
                    "etch",
                    "records",
                    "prefetch",
                    "rooms",
                    "room",
                    "batches",
                    "stats",
                    "hosts",
                    "accounts",
                    "token",
                    "cache",
                    "features",
                    "install",
                    "doctor",
                    "demo",
                    "help");

    private static final Logger LOG = System.getLogger(Commands.class.getName());

    private final Services services;
    private final Feed feed;

    /** Creates the verbs of a host. */
    @Activate
    public Commands(@Reference Services services, @Reference Feed feed) {
        this.services = services;
        this.feed = feed;
    }

    /** A verb by its name. */
    public Verb verb(String name) throws CommandException {
        return switch (name) {
            case "get" -> new Get(services, feed);
            case "add" -> new Add(services);
            case "ls" -> new Ls(services);
            case "show" -> new Show(services);
            case "watch" -> new Watch(services, feed);
            case "wait" -> new Wait(services, feed);
            case "pause" -> Move.of(services, Command.PAUSE);
            case "resume" -> Move.of(services, Command.RESUME);
            case "cancel" -> Move.of(services, Command.CANCEL);
            case "retry" -> Move.of(services, Command.RETRY);
            case "rm" -> new Rm(services);
            case "play" -> new Play(services);
            case "etch" -> new Etch(services);
            case "records" -> new RecordShelf(services);
            case "prefetch" -> new Prefetch(services);
            case "rooms" -> new RoomList(services);
            case "room" -> new RoomCommand(services, feed);
            case "batches" -> new Batches(services);
            case "stats" -> new Stats(services);
            case "hosts" -> new HostList(services);
            case "accounts" -> new Accounts(services);
            case "token" -> new TokenList(services);
            case "cache" -> new Cache(services);
            case "features" -> new FeatureList(services);
            case "install" -> new Install(services);
            case "doctor" -> new Doctor(services);
            case "demo" -> new Demo(services, feed);
            case "help" -> new Help(this);
            default ->
                    throw CommandException.usage(
                            "There is no verb \""
                                    + Text.clean(name)
                                    + "\""
                                    + Nearest.hint(name, VERBS));
        };
    }

    /**
     * Runs a call to its exit code; everything there is to say is said on its console. A call that
     * is broken off leaves its thread interrupted.
     *
     * @param line the verb and its words
     * @param folder the caller's current folder, absolute
     */
    public int execute(List<String> line, Console console, Path folder) {
        var interrupted = false;
        var exit = ExitCode.UNFINISHED;
        try {
            exit = show(call(line.isEmpty() ? List.of("help") : line, console, folder), console);
        } catch (CommandException e) {
            complain(console, CommandException.sentence(e));
            exit = e.exit();
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The verb " + line.get(0) + " failed", e);
            complain(console, "It failed inside: " + CommandException.sentence(e));
            exit = ExitCode.FAILED;
        }
        console.out().flush();
        console.err().flush();
        if (interrupted) {
            Thread.currentThread().interrupt(); // not before the flush, which it would spoil
        }
        return exit;
    }

    /**
     * Runs a call to its answer, for whoever shows answers in another way.
     *
     * @param line the verb and its words; never empty
     */
    public Answer call(List<String> line, Console console, Path folder)
            throws CommandException, InterruptedException {
        var verb = verb(line.get(0));
        var usage = verb.definition().usage();
        var arguments = usage.parse(line.subList(1, line.size()));
        if (arguments.has("help")) {
            console.out().print(verb.definition().help());
            return Answer.DONE;
        }
        return verb.run(new Invocation(arguments, console, folder));
    }

    private static int show(Answer answer, Console console) {
        var shown = answer.shown();
        if (shown != null) {
            var style = console.outStyle();
            console.out().print(Rendering.text(shown, console.outWidth(), style));
        }
        return answer.exit();
    }

    /** The host goes: calls that are broken off from now on change nothing more. */
    public void leave() {
        services.leave();
    }

    private static void complain(Console console, String sentence) {
        console.err().println("capstan: " + Text.clean(sentence));
    }
}
