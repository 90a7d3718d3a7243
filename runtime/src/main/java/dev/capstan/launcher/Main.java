package dev.capstan.launcher;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/** Where the process begins: {@code capstan VERB …}. */
public final class Main {

    /** How long a host that holds the data folder may take to answer. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(20);

    private final Distribution distribution;
    private final Ending ending;
    private final Terminal terminal = Terminal.ofThisProcess();

    private Main(Distribution distribution, Ending ending) {
        this.distribution = distribution;
        this.ending = ending;
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] line) {
        // English words, English numbers. Other languages' cost a start some milliseconds.
        Locale.setDefault(Locale.Category.FORMAT, Locale.US);
        // It holds what --set gave, and whatever shows the properties of the process shows it.
        System.clearProperty("sun.java.command");
        homeIsWhatTheEnvironmentSays();
        var ending = new Ending();
        var code = LaunchException.FAILED;
        try (var distribution = Distribution.own()) {
            code = new Main(distribution, ending).run(List.of(line));
        } catch (LaunchException e) {
            tell(e.sentences());
            code = e.exit();
        } catch (IOException | BundleException e) {
            tell(Plain.reason(e));
        } catch (InterruptedException e) {
            code = LaunchException.UNFINISHED;
        } catch (RuntimeException e) {
            // Nobody foresaw this, so it is shown whole; the framework's threads must not live on.
            e.printStackTrace();
        }
        ending.exitsWith(code);
        System.exit(code);
    }

    /**
     * Java asks the password file where the user is at home; shells, services and containers say it
     * with {@code HOME}, and what is written {@code ~/} here means theirs.
     */
    private static void homeIsWhatTheEnvironmentSays() {
        var home = System.getenv("HOME");
        if (home != null && !home.isEmpty() && Path.of(home).isAbsolute()) {
            System.setProperty("user.home", home);
        }
    }

    private static void tell(String sentences) {
        sentences.lines().forEach(sentence -> System.err.println("capstan: " + sentence));
    }

    private int run(List<String> line)
            throws LaunchException, IOException, BundleException, InterruptedException {
        switch (String.join(" ", line)) {
            case "version", "--version", "-V" ->
                    System.out.printf(
                            "Capstan %s%nJava %s (%s)%n%s%n",
                            distribution.version(),
                            Runtime.version(),
                            System.getProperty("java.vendor"),
                            distribution.framework());
            case "help", "--help", "-h", "version --help" -> System.out.print(distribution.usage());
            default -> {
                var switches = distribution.switches();
                return run(Arguments.parse(line, switches, distribution.defaultVerb()));
            }
        }
        return 0;
    }

    private int run(Arguments arguments)
            throws LaunchException, IOException, BundleException, InterruptedException {
        // Never closed: the lock goes when the process has gone, with all its threads.
        var data = DataFolder.open(folder(arguments.data()));
        var running = ownOrConnect(data, arguments);
        if (running == null) {
            return new Start(distribution, arguments, data, terminal).run(ending);
        }
        try (running) {
            return handOver(arguments, running, data);
        }
    }

    /**
     * Becomes the owner of the data folder, or else reaches the host that is. Both are tried again
     * for a moment: that host may just be coming up or going down.
     */
    private @Nullable ControlClient ownOrConnect(DataFolder data, Arguments arguments)
            throws LaunchException, InterruptedException {
        var patience = System.nanoTime() + ANSWER.toNanos();
        while (!data.own()) {
            if (distribution.alone(arguments.verb())) {
                throw LaunchException.failed(
                        "A host already runs on %s: %s.".formatted(data.root(), data.owner()));
            }
            try {
                return ControlClient.connect(data.socket());
            } catch (IOException e) {
                if (System.nanoTime() - patience > 0) {
                    throw LaunchException.failed(
                            "A host runs on %s, %s, but does not answer: %s."
                                    .formatted(data.root(), data.owner(), Plain.words(e)));
                }
                Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
            }
        }
        return null;
    }

    private int handOver(Arguments arguments, ControlClient running, DataFolder data)
            throws LaunchException {
        if (arguments.configures()) {
            throw LaunchException.usage(
                    ("A host already runs on %s, %s. It was configured as it started:"
                                    + " end it first, or leave the configuration away.")
                            .formatted(data.root(), data.owner()));
        }
        ending.becomes(running);
        try {
            return running.run(
                    arguments.command(),
                    terminal,
                    new FileInputStream(FileDescriptor.in),
                    new FileOutputStream(FileDescriptor.out),
                    new FileOutputStream(FileDescriptor.err));
        } catch (IOException e) {
            throw LaunchException.failed(
                    "The host on %s is gone: %s.".formatted(data.root(), Plain.words(e)));
        }
    }

    private static Path folder(String named) {
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        var home = System.getenv("CAPSTAN_HOME");
        return home == null || home.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".capstan")
                : Path.of(home);
    }
}
