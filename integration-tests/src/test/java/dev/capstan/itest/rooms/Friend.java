package dev.capstan.itest.rooms;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** A user with a machine, on which a packaged host runs, or does not just now. */
final class Friend implements AutoCloseable {
    private static final Pattern LISTENING =
            Pattern.compile("\\d+: \\p{XDigit}+:(\\p{XDigit}{4}) \\p{XDigit}+:0000 0A .*");

    final String user;
    final InetAddress address;
    private final Capstan capstan;
    private final Control control;
    private final Map<String, CompletableFuture<Control.Answer>> joined = new ConcurrentHashMap<>();
    private Capstan.Running host;

    Friend(String user, Path root, Namespaces machines, int machine) throws IOException {
        this.user = user;
        address = machines.address(machine);
        capstan = new Capstan(root.resolve(user), machines.launcher(machine));
        control = new Control(capstan.data(), capstan.folder());
    }

    void start() {
        try {
            host = capstan.startHost("--allow-private-networks");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        host.kill();
    }

    /** Lets the host stand still, connections and all, or go on. */
    void freeze(boolean still) throws IOException, InterruptedException {
        new ProcessBuilder("kill", still ? "-STOP" : "-CONT", Long.toString(host.process().pid()))
                .start()
                .waitFor();
    }

    Path file(String name) {
        return capstan.folder().resolve(name);
    }

    /** Calls {@code capstan room} with success, and gives what it printed. */
    String room(String... words) throws IOException {
        return control.done(said(words));
    }

    /** Joins a room and follows it to its end. */
    CompletableFuture<Control.Answer> join(String room) {
        var answer = new CompletableFuture<Control.Answer>();
        joined.put(room, answer);
        var words = said("join", room + ".json", "--as", user, "-d", room);
        var thread =
                new Thread(
                        () -> {
                            try {
                                answer.complete(control.call(words));
                            } catch (IOException e) {
                                answer.completeExceptionally(e);
                            }
                        },
                        user + " in " + room);
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /** How a room looks from here; empty while there is none. */
    String show(String room) {
        try {
            return control.call(said("show", room)).out();
        } catch (IOException e) {
            return "";
        }
    }

    private static String[] said(String... words) {
        var all = new String[words.length + 1];
        all[0] = "room";
        System.arraycopy(words, 0, all, 1, words.length);
        return all;
    }

    /** TCP ports that the host's machine listens at. */
    Set<Integer> ports() throws IOException {
        var ports = new TreeSet<Integer>();
        for (var table : List.of("tcp", "tcp6")) {
            var file = Path.of("/proc", Long.toString(host.process().pid()), "net", table);
            for (var line : Files.readAllLines(file)) {
                var matcher = LISTENING.matcher(line.strip());
                if (matcher.matches()) {
                    ports.add(Integer.parseInt(matcher.group(1), 16));
                }
            }
        }
        return ports;
    }

    /** Where this user stands in a room, for whoever looks for the cause of a failure. */
    String told(String room) {
        return user + ": " + joined.get(room) + "\n" + show(room) + host.err();
    }

    @Override
    public void close() {
        if (host != null) {
            host.close();
        }
    }
}
