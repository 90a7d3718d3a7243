package dev.capstan.admin.shell.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.admin.shell.host.Await;
import dev.capstan.admin.shell.host.Scripted;
import dev.capstan.admin.shell.host.ScriptedDownloads;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.download.Download;
import dev.capstan.host.AccountField;
import dev.capstan.host.Hosts;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.util.promise.Promises;

@Timeout(60)
class ControlSocketTest {
    @TempDir private Path folder;
    private Path file;
    private TestHost host;
    private ScriptedDownloads queue;
    private ControlSocket socket;

    @BeforeEach
    void listen() throws Exception {
        file = folder.resolve("run/ctl.sock");
        host = new TestHost(folder);
        queue = host.queue;
        socket = new ControlSocket(file, host.commands);
        assertThat(socket.awaitListening()).isTrue();
    }

    @AfterEach
    void close() {
        socket.close();
    }

    @Test
    void onlyTheUserCanConnect() throws Exception {
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(file.getParent())).isEqualTo("rwx------");
    }

    @Test
    void aVerbRunsAndItsCodeComesLast() throws Exception {
        queue.row("http://h/a");
        try (var client = new RawClient(file)) {
            client.ask(folder, "ls");
            assertThat(client.exit()).isZero();
            assertThat(client.out).contains("http://h/a");
            assertThat(client.isDropped()).isTrue();
        }
        try (var client = new RawClient(file)) {
            client.ask(folder, "lss");
            assertThat(client.exit()).isEqualTo(28);
            assertThat(client.err)
                    .hasToString("capstan: There is no verb \"lss\"; did you mean ls?\n");
        }
    }

    @Test
    void s7_anAccountIsAskedForAtTheClientsTerminal() throws Exception {
        var given = new CompletableFuture<Object>();
        host.give(
                Scripted.of(
                        Hosts.class,
                        (name, words) -> {
                            if (name.equals("accountFields")) {
                                return List.of(new AccountField("password", true));
                            }
                            given.complete(words[1]);
                            return Promises.failed(new IllegalStateException("kept elsewhere"));
                        }));
        try (var client = new RawClient(file)) {
            client.send(RawClient.request(folder, 80, 7, "accounts", "set", "acme"));
            assertThat(client.question()).isEqualTo("\001acme password: ");
            client.frame(2, 7, " marked".getBytes(UTF_8));
            assertThat(client.exit()).isEqualTo(1);
            assertThat(given.get()).isEqualTo(Map.of("password", "marked"));
            assertThat(client.out + "" + client.err).doesNotContain("marked");
        }
        try (var client = new RawClient(file)) {
            client.send(RawClient.request(folder, 80, 6, "accounts", "set", "acme"));
            assertThat(client.exit()).as("no terminal, no question").isEqualTo(1);
        }
    }

    @Test
    void filesAreRelativeToTheClientsFolder() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder.resolve("there"), "get", "-q", "http://h/a");
            queue.complete(onlyRow().id(), folder.resolve("there/a"));
            assertThat(client.exit()).isZero();
            assertThat(client.out).hasToString(ScriptedDownloads.SHA + "  a\n");
            assertThat(queue.requests.get(0).folder()).isEqualTo(folder.resolve("there"));
        }
    }

    @Test
    void theClientsTerminalIsPaintedOn() throws Exception {
        try (var client = new RawClient(file)) {
            client.send(RawClient.request(folder, 60, 7, "get", "http://h/a"));
            queue.transferring(onlyRow().id(), 8, 4);
            assertThat(client.wordsUpTo("50%")).contains("\u001b[K");
            queue.complete(onlyRow().id(), folder.resolve("a"));
            assertThat(client.exit()).isZero();
        }
    }

    @Test
    void standardInputComesThrough() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder, "add", "-i", "-");
            client.input("http://h/1\n");
            client.input("http://h/2");
            client.input("");
            assertThat(client.exit()).isZero();
            assertThat(queue.requests).hasSize(2);
        }
    }

    @Test
    void moreInputThanFitsIsWaitedFor() throws Exception {
        var lines = 40_000;
        var text = "http://h/" + "x".repeat(90) + "\n";
        try (var client = new RawClient(file)) {
            client.ask(folder, "add", "-i", "-");
            var block = text.repeat(500);
            for (int i = 0; i < lines / 500; i++) {
                client.input(block);
            }
            client.input("");
            assertThat(client.exit()).isZero();
            assertThat(queue.requests).hasSize(lines);
        }
    }

    @Test
    void anInterruptFrameBreaksTheCallOff() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder, "get", "http://h/a");
            var id = onlyRow().id();
            Await.until("following", () -> host.feed.awaiting(id) == 1);
            client.interrupt();
            assertThat(client.exit()).isEqualTo(7);
            assertThat(queue.commands).containsExactly("PAUSE " + id);
            assertThat(client.err).contains("Interrupted.");
        }
    }

    @Test
    void readingInputCanBeBrokenOff() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder, "add", "-i", "-");
            client.interrupt();
            assertThat(client.exit()).isEqualTo(7);
        }
    }

    @Test
    void aClientThatGoesIsAnInterrupt() throws Exception {
        String id;
        try (var client = new RawClient(file)) {
            client.ask(folder, "get", "http://h/a");
            id = onlyRow().id();
            Await.until("following", () -> host.feed.awaiting(id) == 1);
        }
        Await.until("paused", () -> queue.commands.contains("PAUSE " + id));
        Await.until("the end", () -> socket.sessions() == 0);
    }

    @Test
    void aClientThatClosesItsHalfIsGoneToo() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder, "get", "http://h/a");
            var id = onlyRow().id();
            Await.until("following", () -> host.feed.awaiting(id) == 1);
            client.shutOutput();
            assertThat(client.exit()).isEqualTo(7);
        }
    }

    @Test
    void whoDoesNotSpeakTheProtocolIsDropped() throws Exception {
        var good = RawClient.request(folder, 80, 0, "ls");
        var wrongMagic = good.clone();
        wrongMagic[0] = 'X';
        var endless = good.clone();
        ByteBuffer.wrap(endless).putInt(4, Integer.MAX_VALUE);
        var negative = good.clone();
        ByteBuffer.wrap(negative).putInt(4, -1);
        var tooMany = RawClient.request(folder, 80, 0);
        ByteBuffer.wrap(tooMany).putInt(tooMany.length - 4, 1_000_000);
        var relative = RawClient.request(Path.of("relative"), 80, 0, "ls");
        var noPath = RawClient.request(folder, 80, 0, "ls");
        noPath[9] = 0;
        for (var request :
                new byte[][] {
                    "GET / HTTP/1.1\r\n\r\n".getBytes(),
                    wrongMagic,
                    endless,
                    negative,
                    tooMany,
                    relative,
                    noPath
                }) {
            try (var client = new RawClient(file)) {
                client.send(request);
                assertThat(client.isDropped()).as(Arrays.toString(request)).isTrue();
            }
        }
        theSocketStillServes();
    }

    @Test
    void whoBreaksOffInTheMiddleIsDropped() throws Exception {
        var request = RawClient.request(folder, 80, 0, "ls");
        for (int length = 0; length < request.length; length += 3) {
            try (var client = new RawClient(file)) {
                client.send(Arrays.copyOf(request, length));
                client.shutOutput();
                assertThat(client.isDropped()).isTrue();
            }
        }
        theSocketStillServes();
    }

    @Test
    void whoSaysNothingIsDropped() throws Exception {
        try (var silent = new RawClient(file)) {
            assertThat(silent.isDropped()).isTrue();
        }
    }

    @Test
    void aFrameThatIsTooLargeOrUnknownEndsTheCall() throws Exception {
        for (var frame : new int[][] {{0, 65_537}, {0, -1}, {1, Integer.MAX_VALUE}, {9, 0}}) {
            try (var client = new RawClient(file)) {
                client.ask(folder, "get", "-q", "http://h/" + frame[1]);
                client.frame(frame[0], frame[1]);
                assertThat(client.exit()).isEqualTo(7);
            }
        }
        theSocketStillServes();
    }

    @Test
    void connectionsAreBounded() throws Exception {
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < 64; i++) {
                var client = new RawClient(file);
                clients.add(client);
                client.ask(folder, "watch");
            }
            Await.until("all are served", () -> socket.sessions() == 64);
            try (var oneMore = new RawClient(file)) {
                assertThat(oneMore.isDropped()).isTrue();
            }
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
        Await.until("all are gone", () -> socket.sessions() == 0);
        theSocketStillServes();
    }

    @Test
    void aHostThatGoesEndsCallsAndPausesNothing() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder, "get", "http://h/a");
            var id = onlyRow().id();
            Await.until("following", () -> host.feed.awaiting(id) == 1);
            socket.close();
            assertThat(client.exit()).isEqualTo(7);
            assertThat(queue.commands).isEmpty();
        }
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> new RawClient(file)).isInstanceOf(IOException.class);
    }

    @Test
    void drainingWaitsForTheLastCallAndThenTakesNoMore() throws Exception {
        try (var client = new RawClient(file)) {
            client.ask(folder, "get", "-q", "http://h/a");
            var id = onlyRow().id();
            Await.until("following", () -> host.feed.awaiting(id) == 1);
            var drained = new CountDownLatch(1);
            var drainer =
                    new Thread(
                            () -> {
                                try {
                                    socket.drain();
                                    drained.countDown();
                                } catch (InterruptedException e) {
                                    // The test fails, as nobody counts.
                                }
                            });
            drainer.start();
            theSocketStillServes();
            assertThat(drained.getCount()).isOne();
            queue.complete(id, folder.resolve("a"));
            assertThat(client.exit()).isZero();
            drained.await();
        }
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> new RawClient(file)).isInstanceOf(IOException.class);
    }

    @Test
    void aSocketThatAKilledHostLeftIsReplaced() throws Exception {
        var left = folder.resolve("left.sock");
        try (var killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(left));
        }
        assertThat(left).exists();
        var next = new ControlSocket(left, host.commands);
        try {
            assertThat(next.awaitListening()).isTrue();
        } finally {
            next.close();
        }
    }

    @Test
    void aSocketThatSomebodyAnswersOnIsLeftAlone() throws Exception {
        var second = new ControlSocket(file, host.commands);
        assertThat(second.awaitListening()).isFalse();
        second.close();
        theSocketStillServes();
    }

    private void theSocketStillServes() throws IOException {
        try (var client = new RawClient(file)) {
            client.ask(folder, "help");
            assertThat(client.exit()).isZero();
        }
    }

    private Download onlyRow() throws InterruptedException {
        Await.until("a download", () -> !queue.all().isEmpty());
        return queue.only();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
