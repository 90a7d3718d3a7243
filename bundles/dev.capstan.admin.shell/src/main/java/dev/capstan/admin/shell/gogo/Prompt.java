package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.admin.shell.verb.Completion;
import dev.capstan.admin.shell.verb.Rendering;
import java.io.IOError;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.jline.Expander;
import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.gogo.jline.ParsedLineImpl;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/** Reads a line, runs it, shows the result, and again. Ctrl-C ends a command, Ctrl-D the prompt. */
final class Prompt implements Runnable {
    private static final Logger LOG = System.getLogger(Prompt.class.getName());
    private static final String TEXT = "capstan> ";
    private static final long ENDING_SECONDS = 3;

    /** Lines that carry credentials are not kept. */
    private static final String NOT_KEPT = "*\\://*@*:*--header*:*--link-password*";

    private final Terminal terminal;
    private final CommandSession session;
    private final LineReader reader;
    private final Object ready = new Object();
    private boolean executing;
    private volatile boolean stopping;

    Prompt(Terminal terminal, CommandSession session, Completion completion, Path history) {
        this.terminal = terminal;
        this.session = session;
        prepare(session);
        session.put(Shell.VAR_TERMINAL, terminal);
        session.put("#COLUMNS", (Function) (s, words) -> terminal.getWidth());
        session.put("#LINES", (Function) (s, words) -> terminal.getHeight());
        reader =
                LineReaderBuilder.builder()
                        .appName("capstan")
                        .terminal(terminal)
                        .completer(new PromptCompleter(session, completion))
                        .highlighter(new Highlighter(session))
                        .parser(new PromptParser())
                        .expander(new Expander(session))
                        .variable(LineReader.HISTORY_FILE, history)
                        .variable(LineReader.HISTORY_IGNORE, NOT_KEPT)
                        .option(LineReader.Option.AUTO_FRESH_LINE, true)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .build();
        session.put(Shell.VAR_READER, reader);
        terminal.handle(Terminal.Signal.INT, signal -> interruptCommand());
    }

    /** Our verbs come first, and a link is no pattern for names of files. */
    static void prepare(CommandSession session) {
        session.put(Shell.VAR_SCOPE, GogoCommands.SCOPE + ":gogo:*");
        session.put(CommandSession.OPTION_NO_GLOB, true);
    }

    /** Ends the prompt once its thread is interrupted; gives a command that runs time to end. */
    void stop(long millis) throws InterruptedException {
        stopping = true;
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (ready) {
            for (long left = millis; left > 0 && executing; ) {
                ready.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        }
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                var line = reader.readLine(TEXT).strip();
                if (line.equals("exit") || line.equals("quit")) {
                    return;
                }
                if (!line.isEmpty()) {
                    executing(true);
                    execute();
                    executing(false);
                }
            } catch (UserInterruptException e) {
                // Ctrl-C on a line drops the line.
            } catch (EndOfFileException e) {
                return;
            } catch (RuntimeException | IOError e) {
                if (!stopping) {
                    LOG.log(Level.WARNING, "The prompt ended", e);
                }
                return;
            }
        }
    }

    private void executing(boolean value) {
        synchronized (ready) {
            executing = value;
            ready.notifyAll();
        }
    }

    private void execute() {
        try {
            var line = (ParsedLineImpl) reader.getParsedLine();
            var result = session.execute(line.program());
            session.put(Shell.VAR_RESULT, result);
            if (result != null) {
                show(result);
            }
        } catch (InterruptedException e) {
            awaitCall();
        } catch (Exception e) {
            session.put(Shell.VAR_EXCEPTION, e);
            var sentence = Style.COLOURED.apply(Style.Tint.FAILED, Text.clean(sentence(e)));
            terminal.writer().println(sentence);
        }
        terminal.flush();
    }

    private void show(Object result) {
        var shown = Rendering.of(result);
        var text =
                shown != null
                        ? shown.render(terminal.getWidth(), Style.COLOURED)
                        : session.format(result, Converter.INSPECT) + "\n";
        terminal.writer().print(text);
    }

    private String sentence(Exception failure) {
        if (failure instanceof CommandNotFoundException unknown) {
            var name = unknown.getCommand();
            return "There is no command \"" + name + "\"" + Nearest.hint(name, Commands.VERBS);
        }
        return failure instanceof CommandException || failure.getMessage() != null
                ? CommandException.sentence(failure)
                : failure.toString();
    }

    private void interruptCommand() {
        var job = session.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    /** A verb that was broken off may have something to put away, and to say. */
    private void awaitCall() {
        try {
            if (session.get(Caller.CALL) instanceof CountDownLatch call) {
                var ended = call.await(ENDING_SECONDS, TimeUnit.SECONDS);
                LOG.log(Level.DEBUG, "The command was broken off; it has ended: {0}", ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
