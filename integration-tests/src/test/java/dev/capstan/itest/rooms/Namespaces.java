package dev.capstan.itest.rooms;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A few machines with one network between them, as the kernel makes them: each is a network
 * namespace with one interface, all plugged into a bridge that has a namespace of its own. This
 * process is plugged in, too, and is all they can reach. Closing it removes everything: with a
 * namespace goes what is in it.
 */
final class Namespaces implements AutoCloseable {
    /** Of the range that is set aside for tests of networks (RFC 2544), so nobody lives there. */
    private static final String RANGE = "198.18.";

    private static final int FIRST = 10;

    private final String name = "cap" + ProcessHandle.current().pid();
    private final String net;
    private final List<String> made = new ArrayList<>();

    Namespaces(int machines) throws IOException, InterruptedException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/proc")),
                "skipped: only root can make network namespaces");
        var there =
                Stream.of("/sbin/ip", "/usr/sbin/ip", "/bin/ip", "/usr/bin/ip")
                        .anyMatch(ip -> Files.isExecutable(Path.of(ip)));
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError("ip is not installed; install-tools should have done it");
        }
        assumeTrue(there, "skipped: ip is not installed");
        net = free();
        try {
            var hub = add("hub");
            ip("-n", hub, "link", "add", "hub", "type", "bridge", "mcast_snooping", "0");
            ip("-n", hub, "link", "set", "hub", "up");
            ip("link", "add", name, "type", "veth", "peer", "name", "test", "netns", hub);
            plug("test");
            ip("addr", "add", net + "1/24", "dev", name);
            ip("link", "set", name, "up");
            for (var i = 0; i < machines; i++) {
                var machine = add(Integer.toString(i));
                var port = "port" + i;
                ip("-n", machine, "link", "set", "lo", "up");
                ip(
                        "-n", machine, "link", "add", "eth0", "type", "veth", "peer", "name", port,
                        "netns", hub);
                plug(port);
                ip("-n", machine, "addr", "add", net + (FIRST + i) + "/24", "dev", "eth0");
                ip("-n", machine, "link", "set", "eth0", "up");
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** A network that this machine knows nothing of. */
    private static String free() throws IOException {
        for (var third = (int) (ProcessHandle.current().pid() % 250); ; third++) {
            var candidate = RANGE + third + ".";
            var isTaken =
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .anyMatch(each -> each.getHostAddress().startsWith(candidate));
            if (!isTaken) {
                return candidate;
            }
        }
    }

    private String add(String what) throws IOException, InterruptedException {
        var namespace = name + "-" + what;
        ip("netns", "add", namespace);
        made.add(namespace);
        return namespace;
    }

    private void plug(String port) throws IOException, InterruptedException {
        ip("-n", name + "-hub", "link", "set", port, "master", "hub", "up");
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** What starts a program on a machine. */
    List<String> launcher(int machine) {
        return List.of("ip", "netns", "exec", name + "-" + machine);
    }

    /** The address of a machine. */
    InetAddress address(int machine) throws IOException {
        return InetAddress.getByName(net + (FIRST + machine));
    }

    /** The address at which machines reach this process. */
    InetAddress here() throws IOException {
        return InetAddress.getByName(net + "1");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (var namespace : made) {
            ip("netns", "del", namespace);
        }
        // Its other end went with the hub; the kernel takes its time for that.
        if (NetworkInterface.getByName(name) != null) {
            new ProcessBuilder("ip", "link", "del", name).start().waitFor();
        }
    }
}
