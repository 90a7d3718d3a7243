package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.Prompter;
import dev.capstan.admin.shell.verb.Completion;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo prompt of a host, on the terminal of its process.
 *
 * <p>It uses the parts of gogo.jline and not its activator, which would open the terminal before
 * the host is ready and end the host when it likes; where that bundle is started nevertheless, the
 * terminal is its own.
 *
 * <p>Threads: {@code capstan-prompt} reads lines, so that an interrupt of the caller, who waits for
 * it, is told apart from Ctrl-C.
 */
@Component(service = Prompter.class)
public final class GogoPrompter implements Prompter {
    private static final Logger LOG = System.getLogger(GogoPrompter.class.getName());
    private static final long ENDING_MILLIS = 1000;
    private static final long COMMAND_MILLIS = 5000;

    /** What is useful of gogo.jline beside our own verbs: pipes, loops, files. */
    private static final Map<String, List<String>> BORROWED =
            Map.of(
                    "posix",
                    List.of(
                            "cat", "cd", "clear", "date", "echo", "grep", "head", "less", "pwd",
                            "sleep", "sort", "tail", "wc"),
                    "builtin",
                    List.of("format", "history", "new", "set", "tac", "type"),
                    "shell",
                    List.of("help"),
                    "procedural",
                    List.of(
                            "break",
                            "continue",
                            "each",
                            "if",
                            "not",
                            "throw",
                            "try",
                            "until",
                            "while"));

    private final BundleContext context;
    private final CommandProcessor processor;
    private final Completion completion;
    private volatile @Nullable Thread caller;
    private volatile boolean leaving;

    /** Creates the prompt; nothing is shown before somebody talks. */
    @Activate
    public GogoPrompter(
            BundleContext context,
            @Reference CommandProcessor processor,
            @Reference Completion completion) {
        this.context = context;
        this.processor = processor;
        this.completion = completion;
    }

    @Override
    public boolean talk() throws InterruptedException {
        var jline = FrameworkUtil.getBundle(Shell.class);
        if (jline == null || jline.getState() == Bundle.ACTIVE) {
            return waitForStop();
        }
        caller = Thread.currentThread();
        var borrowed = borrow();
        try (var terminal = terminal()) {
            return talk(terminal);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The terminal cannot be used: {0}", e.getMessage());
            return waitForStop();
        } finally {
            caller = null;
            borrowed.forEach(GogoPrompter::giveBack);
        }
    }

    /** Whoever talks is sent home when Gogo or this bundle goes. */
    @Deactivate
    void deactivate() {
        leaving = true;
        var thread = caller;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private boolean waitForStop() throws InterruptedException {
        ((Framework) context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)).waitForStop(0);
        return true;
    }

    private boolean talk(Terminal terminal) throws InterruptedException {
        var history = DataFolder.of(context).root().resolve("history");
        try (var session =
                processor.createSession(terminal.input(), terminal.output(), terminal.output())) {
            var prompt = new Prompt(terminal, session, completion, history);
            var thread = new Thread(prompt, "capstan-prompt");
            thread.setDaemon(true);
            thread.start();
            try {
                thread.join();
                return !leaving;
            } catch (InterruptedException e) {
                if (!leaving) {
                    throw e;
                }
                return false;
            } finally {
                caller = null;
                end(prompt, session, thread);
            }
        }
    }

    /** The command that runs may be what updates this bundle: it is given time to end by itself. */
    private void end(Prompt prompt, CommandSession session, Thread thread) {
        try {
            prompt.stop(leaving ? COMMAND_MILLIS : ENDING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        session.close();
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, ENDING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Terminal terminal() throws IOException {
        return TerminalBuilder.builder()
                .name("capstan")
                .system(true)
                .dumb(false)
                .nativeSignals(true)
                .signalHandler(Terminal.SignalHandler.SIG_IGN)
                .build();
    }

    private List<ServiceRegistration<?>> borrow() {
        var host = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        var registrations = new ArrayList<ServiceRegistration<?>>();
        registrations.add(context.registerService(Converter.class, new Converters(host), null));
        registrations.add(command(Posix.class, new Posix(processor), "posix"));
        registrations.add(command(Builtin.class, new Builtin(), "builtin"));
        registrations.add(command(Procedural.class, new Procedural(), "procedural"));
        registrations.add(command(Shell.class, new Shell(new Host(context), processor), "shell"));
        return registrations;
    }

    private static void giveBack(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // It went with its bundle.
        }
    }

    private <T> ServiceRegistration<T> command(Class<T> type, T target, String kind) {
        var functions = BORROWED.getOrDefault(kind, List.of()).toArray(String[]::new);
        var properties =
                new Hashtable<String, Object>(
                        Map.of(
                                CommandProcessor.COMMAND_SCOPE,
                                "gogo",
                                CommandProcessor.COMMAND_FUNCTION,
                                functions));
        return context.registerService(type, target, properties);
    }

    /** What gogo.jline's shell asks of its host; it is asked for help alone. */
    private record Host(BundleContext context) implements Shell.Context {
        @Override
        public String getProperty(String name) {
            return context.getProperty(name);
        }

        @Override
        public void exit() {}
    }
}
