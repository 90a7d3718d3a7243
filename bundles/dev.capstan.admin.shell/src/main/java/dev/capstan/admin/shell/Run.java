package dev.capstan.admin.shell;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.socket.ControlSocket;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.verb.HostList;
import dev.capstan.face.Face;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.util.promise.Promises;
import org.osgi.util.tracker.ServiceTracker;

/** {@code run}: a host that stays, with a prompt where somebody can type. */
final class Run {
    private static final Definition DEFINITION =
            new Definition(
                    "run",
                    "Starts a host that stays until it is stopped, with a prompt on a terminal.",
                    """
                    [options]
                          --no-shell        gives no prompt
                          --port N          port of the web server; 0 for any free one
                          --bind ADDRESS    address of this machine it listens on
                      -q, --quiet           does not say that it is ready
                    """,
                    "capstan run\ncapstan run --no-shell --data /srv/capstan");

    private static final long PATIENCE_MILLIS = 15_000;

    private final BundleContext context;
    private final Services services;
    private final ControlSocket socket;
    private final Console console;

    Run(BundleContext context, Services services, ControlSocket socket, Console console) {
        this.context = context;
        this.services = services;
        this.socket = socket;
        this.console = console;
    }

    int execute(List<String> words, boolean inIsTerminal) {
        try {
            var arguments = DEFINITION.usage().parse(words);
            arguments.noOperands();
            if (arguments.has("help")) {
                console.out().print(DEFINITION.help());
                return ExitCode.DONE;
            }
            var entries = opened();
            var interactive = inIsTerminal && console.outIsTerminal();
            if (!arguments.has("quiet")) {
                greet(entries, interactive);
            }
            stay(interactive && !arguments.has("no-shell"));
            return ExitCode.DONE;
        } catch (CommandException e) {
            console.err().println("capstan: " + CommandException.sentence(e));
            return e.exit();
        } catch (InterruptedException e) {
            return ExitCode.DONE; // that is how a host is stopped
        } finally {
            console.out().flush();
            console.err().flush();
        }
    }

    /** Until the host stops, or the user leaves; a prompt may come late, go, and come again. */
    private void stay(boolean interactive) throws InterruptedException {
        if (!interactive) {
            ((Framework) context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)).waitForStop(0);
            return;
        }
        var prompters = new ServiceTracker<Prompter, Prompter>(context, Prompter.class, null);
        prompters.open();
        try {
            for (var left = false; !left; ) {
                left = prompters.waitForService(0).talk();
            }
        } finally {
            prompters.close();
        }
    }

    /** Waits until every other way into the host is open; the first that cannot be ends it. */
    private List<Face.Entry> opened() throws CommandException, InterruptedException {
        var faces = services.faces().stream().map(Face::opened).toList();
        var opened = new CompletableFuture<List<List<Face.Entry>>>();
        Promises.all(faces).onSuccess(opened::complete);
        faces.forEach(face -> face.onFailure(opened::completeExceptionally));
        try {
            return opened.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).stream()
                    .flatMap(List::stream)
                    .toList();
        } catch (TimeoutException e) {
            throw CommandException.failed("The web server does not answer; the log says why.");
        } catch (ExecutionException e) {
            var failure = e.getCause();
            throw CommandException.failed(CommandException.sentence(failure == null ? e : failure));
        }
    }

    private void greet(List<Face.Entry> entries, boolean interactive) throws InterruptedException {
        var reachable = socket.awaitListening();
        var hosts = new StringJoiner(" · ").setEmptyValue("none");
        try {
            services.downloads();
            for (var host : services.hosts().list()) {
                var account = HostList.account(host);
                hosts.add(host.id() + (account.isEmpty() ? "" : " (" + account + ")"));
            }
        } catch (CommandException e) {
            // The host stays, so that what is missing can be brought.
            console.err().println("capstan: " + CommandException.sentence(e));
        }
        var out = console.out();
        out.print("Capstan " + version() + " ready in " + sinceStart());
        out.print(" · " + Units.count(context.getBundles().length, "bundle"));
        out.println(" · data " + shown(services.data().root()));
        for (var entry : entries) {
            line(entry.name(), entry.value());
        }
        line("hosts", hosts.toString());
        if (interactive) {
            for (var face : services.faces()) {
                face.forTerminal().forEach(entry -> line(entry.name(), entry.value()));
            }
        }
        if (!reachable) {
            out.println("  other terminals cannot reach this host; the log says why");
        }
        out.flush();
        console.err().flush();
    }

    private void line(String name, String value) {
        var home = System.getProperty("user.home", "/") + "/";
        var shown = value.startsWith(home) ? "~/" + value.substring(home.length()) : value;
        console.out().println("  " + Text.left(name, 8) + Text.clean(shown));
    }

    private String version() {
        var version = context.getProperty("capstan.version");
        return version != null ? version : context.getBundle().getVersion().toString();
    }

    private static String sinceStart() {
        var start = ProcessHandle.current().info().startInstant();
        return Units.took(Duration.between(start.orElseGet(Instant::now), Instant.now()));
    }

    private static String shown(Path data) {
        var home = Path.of(System.getProperty("user.home", "/"));
        return data.startsWith(home) && !data.equals(home)
                ? "~/" + home.relativize(data)
                : data.toString();
    }
}
