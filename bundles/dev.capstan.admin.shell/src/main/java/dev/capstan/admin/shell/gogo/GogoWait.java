package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.get.Wait;
import dev.capstan.admin.shell.verb.Commands;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The verb {@code wait} as a Gogo command. It is a function of its own since every Java object has
 * methods of that name, which Gogo would choose from.
 */
@Component(
        service = GogoWait.class,
        immediate = true,
        property = {
            CommandProcessor.COMMAND_SCOPE + "=" + GogoCommands.SCOPE,
            CommandProcessor.COMMAND_FUNCTION + "=wait"
        })
public final class GogoWait implements Function {
    private final Commands commands;

    /**
     * Creates the command.
     *
     * @param gogo makes sure that there is Gogo before this class is loaded
     */
    @Activate
    public GogoWait(@Reference Commands commands, @Reference CommandProcessor gogo) {
        this.commands = commands;
    }

    @Override
    public @Nullable Object execute(CommandSession session, List<Object> words)
            throws CommandException {
        var texts = new String[words.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = GogoTables.text(words.get(i));
        }
        return wait(session, texts);
    }

    /** See {@link Wait}. */
    @Descriptor(Wait.SUMMARY)
    public @Nullable Object wait(CommandSession session, @Descriptor(Wait.ARGUMENTS) String[] words)
            throws CommandException {
        return Caller.call(commands, session, "wait", words);
    }
}
