package dev.capstan.admin.shell;

import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.Questions;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.socket.ControlSocket;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.verb.Commands;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * What this process was started for: the launcher gives its arguments as properties of a service
 * and calls this on the main thread; the result is the exit code.
 *
 * <p>An interrupt of that thread is Ctrl-C. The process stays while calls of other processes run in
 * it, except after an interrupt.
 */
@Component(service = Callable.class, property = "main.thread:Boolean=true")
public final class CommandLine implements Callable<Integer> {
    private static final String RUN = "run";

    private final BundleContext context;
    private final Services services;
    private final Commands commands;
    private final ControlSocket socket;
    private final List<String> line;
    private final int columns;
    private final int terminals;
    private volatile @Nullable Thread caller;

    /** Takes the arguments of the process. */
    @Activate
    public CommandLine(
            BundleContext context,
            @Reference(
                            service = Object.class,
                            target = "(&(launcher.arguments=*)(launcher.ready=true))")
                    Map<String, Object> launcher,
            @Reference Services services,
            @Reference Commands commands,
            @Reference ControlSocket socket) {
        this.context = context;
        this.services = services;
        this.commands = commands;
        this.socket = socket;
        line =
                launcher.get("launcher.arguments") instanceof String[] words
                        ? List.of(words)
                        : List.of();
        terminals = launcher.get("capstan.terminal") instanceof Integer flags ? flags : guess();
        columns = launcher.get("capstan.columns") instanceof Integer width ? width : 0;
    }

    @Override
    public Integer call() {
        caller = Thread.currentThread();
        var console =
                Console.of(
                        new LateInput(),
                        stream(FileDescriptor.out),
                        stream(FileDescriptor.err),
                        columns,
                        terminals,
                        Questions.ofThisProcess());
        try {
            if (line.isEmpty() || line.get(0).equals(RUN)) {
                var words = line.isEmpty() ? line : line.subList(1, line.size());
                var run = new Run(context, services, socket, console);
                return run.execute(words, (terminals & Console.IN) != 0);
            }
            var exit = commands.execute(line, console, Path.of("").toAbsolutePath());
            waitForOthers(console);
            return exit;
        } finally {
            caller = null;
        }
    }

    /** A call that is still running when its bundle goes is called again on the one that comes. */
    @Deactivate
    void deactivate() {
        commands.leave();
        var thread = caller;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    private void waitForOthers(Console console) {
        if (Thread.currentThread().isInterrupted()) {
            return; // what others began goes on with the next host
        }
        var others = socket.sessions();
        if (others > 0) {
            var what = Units.count(others, "command");
            console.err().println("capstan: Done; this process stays for " + what + " of others.");
            console.err().flush();
        }
        try {
            socket.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A launcher that does not tell: Java knows whether there is a terminal at all. */
    private static int guess() {
        return System.console() == null ? 0 : Console.IN | Console.OUT | Console.ERR;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        var raw = new BufferedOutputStream(new FileOutputStream(descriptor));
        return new PrintStream(raw, false, StandardCharsets.UTF_8);
    }
}
