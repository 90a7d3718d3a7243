package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.get.Demo;
import dev.capstan.admin.shell.get.Get;
import dev.capstan.admin.shell.get.Watch;
import dev.capstan.admin.shell.record.Etch;
import dev.capstan.admin.shell.record.Prefetch;
import dev.capstan.admin.shell.record.RecordShelf;
import dev.capstan.admin.shell.room.RoomCommand;
import dev.capstan.admin.shell.room.RoomList;
import dev.capstan.admin.shell.verb.Accounts;
import dev.capstan.admin.shell.verb.Add;
import dev.capstan.admin.shell.verb.Batches;
import dev.capstan.admin.shell.verb.Cache;
import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.admin.shell.verb.Doctor;
import dev.capstan.admin.shell.verb.FeatureList;
import dev.capstan.admin.shell.verb.Help;
import dev.capstan.admin.shell.verb.HostList;
import dev.capstan.admin.shell.verb.Install;
import dev.capstan.admin.shell.verb.Ls;
import dev.capstan.admin.shell.verb.Move;
import dev.capstan.admin.shell.verb.Play;
import dev.capstan.admin.shell.verb.Rm;
import dev.capstan.admin.shell.verb.Show;
import dev.capstan.admin.shell.verb.Stats;
import dev.capstan.admin.shell.verb.TokenList;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The verbs as Gogo commands of the scope {@code capstan}. Gogo finds each by the name of its
 * method and reads its help from the annotations.
 */
@Component(
        service = GogoCommands.class,
        immediate = true,
        property = {
            CommandProcessor.COMMAND_SCOPE + "=" + GogoCommands.SCOPE,
            CommandProcessor.COMMAND_FUNCTION + "=get",
            CommandProcessor.COMMAND_FUNCTION + "=add",
            CommandProcessor.COMMAND_FUNCTION + "=ls",
            CommandProcessor.COMMAND_FUNCTION + "=show",
            CommandProcessor.COMMAND_FUNCTION + "=watch",
            CommandProcessor.COMMAND_FUNCTION + "=pause",
            CommandProcessor.COMMAND_FUNCTION + "=resume",
            CommandProcessor.COMMAND_FUNCTION + "=cancel",
            CommandProcessor.COMMAND_FUNCTION + "=retry",
            CommandProcessor.COMMAND_FUNCTION + "=rm",
            CommandProcessor.COMMAND_FUNCTION + "=play",
            CommandProcessor.COMMAND_FUNCTION + "=etch",
            CommandProcessor.COMMAND_FUNCTION + "=records",
            CommandProcessor.COMMAND_FUNCTION + "=prefetch",
            CommandProcessor.COMMAND_FUNCTION + "=rooms",
            CommandProcessor.COMMAND_FUNCTION + "=room",
            CommandProcessor.COMMAND_FUNCTION + "=batches",
            CommandProcessor.COMMAND_FUNCTION + "=stats",
            CommandProcessor.COMMAND_FUNCTION + "=hosts",
            CommandProcessor.COMMAND_FUNCTION + "=accounts",
            CommandProcessor.COMMAND_FUNCTION + "=token",
            CommandProcessor.COMMAND_FUNCTION + "=cache",
            CommandProcessor.COMMAND_FUNCTION + "=features",
            CommandProcessor.COMMAND_FUNCTION + "=install",
            CommandProcessor.COMMAND_FUNCTION + "=doctor",
            CommandProcessor.COMMAND_FUNCTION + "=demo",
            CommandProcessor.COMMAND_FUNCTION + "=help"
        })
public final class GogoCommands {
    static final String SCOPE = "capstan";

    private final Commands commands;

    /**
     * Creates the commands.
     *
     * @param gogo makes sure that there is Gogo before this class is loaded
     */
    @Activate
    public GogoCommands(@Reference Commands commands, @Reference CommandProcessor gogo) {
        this.commands = commands;
    }

    /** See {@link Get}. */
    @Descriptor(Get.SUMMARY)
    public @Nullable Object get(CommandSession session, @Descriptor(Get.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "get", words);
    }

    /** See {@link Add}. */
    @Descriptor(Add.SUMMARY)
    public @Nullable Object add(CommandSession session, @Descriptor(Add.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "add", words);
    }

    /** See {@link Ls}. */
    @Descriptor(Ls.SUMMARY)
    public @Nullable Object ls(CommandSession session, @Descriptor(Ls.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "ls", words);
    }

    /** See {@link Show}. */
    @Descriptor(Show.SUMMARY)
    public @Nullable Object show(CommandSession session, @Descriptor(Show.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "show", words);
    }

    /** See {@link Watch}. */
    @Descriptor(Watch.SUMMARY)
    public @Nullable Object watch(
            CommandSession session, @Descriptor(Watch.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "watch", words);
    }

    /** See {@link Move}. */
    @Descriptor(Move.PAUSE)
    public @Nullable Object pause(
            CommandSession session, @Descriptor(Move.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "pause", words);
    }

    /** See {@link Move}. */
    @Descriptor(Move.RESUME)
    public @Nullable Object resume(
            CommandSession session, @Descriptor(Move.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "resume", words);
    }

    /** See {@link Move}. */
    @Descriptor(Move.CANCEL)
    public @Nullable Object cancel(
            CommandSession session, @Descriptor(Move.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "cancel", words);
    }

    /** See {@link Move}. */
    @Descriptor(Move.RETRY)
    public @Nullable Object retry(
            CommandSession session, @Descriptor(Move.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "retry", words);
    }

    /** See {@link Rm}. */
    @Descriptor(Rm.SUMMARY)
    public @Nullable Object rm(CommandSession session, @Descriptor(Rm.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "rm", words);
    }

    /** See {@link Play}. */
    @Descriptor(Play.SUMMARY)
    public @Nullable Object play(CommandSession session, @Descriptor(Play.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "play", words);
    }

    /** See {@link Etch}. */
    @Descriptor(Etch.SUMMARY)
    public @Nullable Object etch(CommandSession session, @Descriptor(Etch.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "etch", words);
    }

    /** See {@link RecordShelf}. */
    @Descriptor(RecordShelf.SUMMARY)
    public @Nullable Object records(
            CommandSession session, @Descriptor(RecordShelf.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "records", words);
    }

    /** See {@link Prefetch}. */
    @Descriptor(Prefetch.SUMMARY)
    public @Nullable Object prefetch(
            CommandSession session, @Descriptor(Prefetch.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "prefetch", words);
    }

    /** See {@link RoomList}. */
    @Descriptor(RoomList.SUMMARY)
    public @Nullable Object rooms(
            CommandSession session, @Descriptor(RoomList.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "rooms", words);
    }

    /** See {@link RoomCommand}. */
    @Descriptor(RoomCommand.SUMMARY)
    public @Nullable Object room(
            CommandSession session, @Descriptor(RoomCommand.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "room", words);
    }

    /** See {@link Batches}. */
    @Descriptor(Batches.SUMMARY)
    public @Nullable Object batches(
            CommandSession session, @Descriptor(Batches.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "batches", words);
    }

    /** See {@link Stats}. */
    @Descriptor(Stats.SUMMARY)
    public @Nullable Object stats(
            CommandSession session, @Descriptor(Stats.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "stats", words);
    }

    /** See {@link HostList}. */
    @Descriptor(HostList.SUMMARY)
    public @Nullable Object hosts(
            CommandSession session, @Descriptor(HostList.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "hosts", words);
    }

    /** See {@link Accounts}. */
    @Descriptor(Accounts.SUMMARY)
    public @Nullable Object accounts(
            CommandSession session, @Descriptor(Accounts.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "accounts", words);
    }

    /** See {@link TokenList}. */
    @Descriptor(TokenList.SUMMARY)
    public @Nullable Object token(
            CommandSession session, @Descriptor(TokenList.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "token", words);
    }

    /** See {@link Cache}. */
    @Descriptor(Cache.SUMMARY)
    public @Nullable Object cache(
            CommandSession session, @Descriptor(Cache.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "cache", words);
    }

    /** See {@link FeatureList}. */
    @Descriptor(FeatureList.SUMMARY)
    public @Nullable Object features(
            CommandSession session, @Descriptor(FeatureList.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "features", words);
    }

    /** See {@link Install}. */
    @Descriptor(Install.SUMMARY)
    public @Nullable Object install(
            CommandSession session, @Descriptor(Install.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "install", words);
    }

    /** See {@link Doctor}. */
    @Descriptor(Doctor.SUMMARY)
    public @Nullable Object doctor(
            CommandSession session, @Descriptor(Doctor.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "doctor", words);
    }

    /** See {@link Demo}. */
    @Descriptor(Demo.SUMMARY)
    public @Nullable Object demo(CommandSession session, @Descriptor(Demo.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "demo", words);
    }

    /** See {@link Help}; what is no verb of ours is for Gogo's own help. */
    @Descriptor(Help.SUMMARY)
    public @Nullable Object help(CommandSession session, @Descriptor(Help.ARGUMENTS) String[] words)
            throws Exception {
        var name = words.length == 1 ? words[0] : "";
        var colon = name.indexOf(':');
        var isCommand = session.get(colon < 0 ? "*:" + name : name) != null;
        if (isCommand
                && !Commands.VERBS.contains(name.substring(colon + 1))
                && session.get("gogo:help") != null) {
            return session.execute("gogo:help " + name);
        }
        return Caller.call(commands, session, "help", words);
    }
}
