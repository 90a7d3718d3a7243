package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Questions;
import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.admin.shell.verb.Rendering;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** Runs a verb for a Gogo session: with the streams of the pipe it stands in. */
final class Caller {

    /** The session's variable that holds a latch which opens when the call has ended. */
    static final String CALL = ".capstan.call";

    private static final Character NOTHING_SHOWN = '\0';

    private Caller() {}

    /**
     * Runs a verb.
     *
     * @return what it answers, for the session to show, take apart or pass on
     */
    static @Nullable Object call(
            Commands commands, CommandSession session, String verb, String[] words)
            throws CommandException {
        var ended = new CountDownLatch(1);
        session.put(CALL, ended);
        var process = Process.Utils.current();
        var console = console(session, process);
        try {
            var line = new ArrayList<String>();
            line.add(verb);
            line.addAll(List.of(words));
            var answer = commands.call(line, console, session.currentDir());
            if (answer.exit() == ExitCode.DONE) {
                return answer.shown();
            }
            show(answer, console);
            process.error(answer.exit());
            return null;
        } catch (InterruptedException e) {
            process.error(ExitCode.UNFINISHED);
            return null;
        } finally {
            console.out().flush();
            console.err().flush();
            ended.countDown();
        }
    }

    /**
     * A session that fails shows no value, and what was done before the failure is worth seeing.
     */
    private static void show(Answer answer, Console console) {
        if (answer.shown() != null) {
            var style = console.outStyle();
            console.out().print(Rendering.text(answer.shown(), console.outWidth(), style));
        }
    }

    private static Console console(CommandSession session, Process process) {
        var columns = session.get("COLUMNS") instanceof Integer width ? width : 0;
        return new Console(
                process.in(),
                new PrintStream(process.out(), false, StandardCharsets.UTF_8),
                new PrintStream(process.err(), false, StandardCharsets.UTF_8),
                columns,
                process.isTty(1),
                process.isTty(2),
                System.getenv().getOrDefault("NO_COLOR", "").isEmpty(),
                process.isTty(0) ? questions(session) : Questions.NOBODY);
    }

    /** On the terminal of the prompt, which reads nothing itself while its command runs. */
    private static Questions questions(CommandSession session) {
        return (prompt, hidden) -> {
            if (!(session.get(Shell.VAR_TERMINAL) instanceof Terminal terminal)) {
                return null;
            }
            var reader = LineReaderBuilder.builder().terminal(terminal).build();
            reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
            try {
                return hidden ? reader.readLine(prompt, NOTHING_SHOWN) : reader.readLine(prompt);
            } catch (EndOfFileException | UserInterruptException e) {
                return null;
            }
        };
    }
}
