package dev.capstan.itest.servers;

import dev.capstan.itest.Capstan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A web server that runs for a test, with a folder of its own. Closing it ends it. */
final class RealServer implements AutoCloseable {
    private static final Pattern LINE = Pattern.compile("(\\d{3}) (\\d+|-) (/\\S*) ?(\\S*)");
    private static final Pattern OF_CADDY =
            Pattern.compile(
                    ".*\"uri\":\"([^\"]*)\".*?(?:\"Range\":\\[\"([^\"]*)\"].*)?\"size\":(\\d+),"
                            + "\"status\":(\\d+).*");
    private static final Pattern OF_PYTHON = Pattern.compile(".*\"GET (\\S+) HTTP.*\" (\\d+) -");

    /**
     * A request that was answered.
     *
     * @param bytes of body; −1 where the server does not tell
     * @param range what was asked for, or empty
     */
    record Hit(String path, int status, long bytes, String range) {}

    private final Brand brand;
    private final Path root;
    private final int port;
    private final Process process;

    private RealServer(Brand brand, Path root, int port, Process process) {
        this.brand = brand;
        this.root = root;
        this.port = port;
        this.process = process;
    }

    static RealServer start(Brand brand, Path root) throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("files"));
        readableForAll(root);
        var port = freePort();
        var config = filled(brand.configuration(), root, port);
        Files.writeString(root.resolve("config"), config);
        var command = brand.command().stream().map(word -> filled(word, root, port)).toList();
        var builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().put("HOME", root.toString());
        var log = root.resolve(brand == Brand.PYTHON ? "access.log" : "output").toFile();
        var process = builder.redirectErrorStream(true).redirectOutput(log).start();
        var server = new RealServer(brand, root, port, process);
        Capstan.await(brand + " that listens", () -> server.listens() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(brand + " ended: " + Files.readString(log.toPath()));
        }
        return server;
    }

    int port() {
        return port;
    }

    /** Puts a file there, at once, as of a time. */
    void put(String path, byte[] bytes, Instant modified) throws IOException {
        var file = root.resolve("files" + path);
        Files.createDirectories(file.getParent());
        var fresh = Files.write(root.resolve("fresh"), bytes);
        Files.setLastModifiedTime(fresh, FileTime.from(modified));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What was asked of a path and answered, once there is so much of it. */
    List<Hit> hits(String path, int count) throws IOException, InterruptedException {
        Capstan.await(count + " hits of " + path, () -> hits(path).size() >= count);
        return hits(path);
    }

    private List<Hit> hits(String path) {
        try (var lines = Files.lines(root.resolve("access.log"))) {
            return lines.map(this::hit)
                    .filter(Objects::nonNull)
                    .filter(hit -> hit.path().equals(path))
                    .toList();
        } catch (IOException e) {
            return List.of(); // not made yet
        }
    }

    private Hit hit(String line) {
        return switch (brand) {
            case CADDY -> {
                var found = OF_CADDY.matcher(line);
                yield found.matches()
                        ? new Hit(
                                found.group(1),
                                Integer.parseInt(found.group(4)),
                                Long.parseLong(found.group(3)),
                                Objects.requireNonNullElse(found.group(2), ""))
                        : null;
            }
            case PYTHON -> {
                var found = OF_PYTHON.matcher(line);
                yield found.matches()
                        ? new Hit(found.group(1), Integer.parseInt(found.group(2)), -1, "")
                        : null;
            }
            default -> {
                var found = LINE.matcher(line);
                yield found.matches()
                        ? new Hit(
                                found.group(3),
                                Integer.parseInt(found.group(1)),
                                found.group(2).equals("-") ? 0 : Long.parseLong(found.group(2)),
                                found.group(4).equals("-") ? "" : found.group(4))
                        : null;
            }
        };
    }

    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String filled(String text, Path root, int port) {
        return text.replace("ROOT", root.toString())
                .replace("FILES", root.resolve("files").toString())
                .replace("PORT", Integer.toString(port));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Some servers give up being root, and must be able to read what they serve all the same. */
    private static void readableForAll(Path root) throws IOException {
        var mode = PosixFilePermissions.fromString("rwxr-xr-x");
        try (var folders = Files.walk(root)) {
            for (var folder : folders.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(folder, mode);
            }
        }
        Files.setPosixFilePermissions(root.getParent(), mode);
    }
}
