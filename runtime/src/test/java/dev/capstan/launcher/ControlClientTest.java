package dev.capstan.launcher;

import static dev.capstan.launcher.ControlServer.exit;
import static dev.capstan.launcher.ControlServer.send;
import static dev.capstan.launcher.ControlServer.take;
import static dev.capstan.launcher.ControlServer.takeText;
import static dev.capstan.launcher.ControlServer.takeWords;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a server that speaks the protocol by its byte tables. */
@Timeout(20)
class ControlClientTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir Path folder;
    private ControlServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new ControlServer(socket());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Path socket() {
        return folder.resolve("ctl.sock");
    }

    private int run(InputStream in, String... command) throws IOException {
        try (var client = ControlClient.connect(socket())) {
            return client.run(List.of(command), new Terminal(5, 132), in, out, err);
        }
    }

    @Test
    void theRequestSaysWhoAsksAndWhat() throws Exception {
        var served =
                server.serve(
                        client -> {
                            assertThat(take(client, 4).getInt()).isEqualTo(0x43415031);
                            assertThat(takeText(client))
                                    .isEqualTo(Path.of("").toAbsolutePath().toString());
                            assertThat(take(client, 4).getInt()).isEqualTo(132);
                            assertThat(take(client, 1).get()).isEqualTo((byte) 5);
                            assertThat(take(client, 4).getInt()).isEqualTo(2);
                            assertThat(takeText(client)).isEqualTo("ls");
                            assertThat(takeText(client)).isEqualTo("größe");
                            exit(client, 0);
                        });

        assertThat(run(InputStream.nullInputStream(), "ls", "größe")).isZero();
        served.get();
    }

    @Test
    void aQuestionIsAnsweredAlsoWhereNobodyCanBeAsked() throws Exception {
        server.serve(
                client -> {
                    takeWords(client);
                    take(client, 5);
                    send(client, 4, "\001password: ".getBytes(UTF_8));
                    assertThat(take(client, 5))
                            .isEqualTo(ByteBuffer.wrap(new byte[] {2, 0, 0, 0, 0}));
                    exit(client, 5);
                });

        assertThat(run(InputStream.nullInputStream(), "accounts", "set", "acme")).isEqualTo(5);
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void bothStreamsAndTheExitCodeArrive() throws Exception {
        var large = "x".repeat(65_536);
        server.serve(
                client -> {
                    takeWords(client);
                    send(client, 1, "one\n".getBytes(UTF_8));
                    send(client, 2, "careful\n".getBytes(UTF_8));
                    send(client, 1, large.getBytes(UTF_8));
                    send(client, 1, new byte[0]);
                    exit(client, 29);
                });

        assertThat(run(InputStream.nullInputStream(), "ls")).isEqualTo(29);
        assertThat(out.toString(UTF_8)).isEqualTo("one\n" + large);
        assertThat(err.toString(UTF_8)).isEqualTo("careful\n");
    }

    @Test
    void standardInputIsSentWhereADashNamesIt() throws Exception {
        var input = "link\n".repeat(100_000).getBytes(UTF_8);
        var received = new ByteArrayOutputStream();
        var served =
                server.serve(
                        client -> {
                            takeWords(client);
                            while (true) {
                                assertThat(take(client, 1).get()).isZero();
                                var payload = take(client, take(client, 4).getInt());
                                if (!payload.hasRemaining()) {
                                    break;
                                }
                                received.write(payload.array(), 0, payload.limit());
                            }
                            exit(client, 0);
                        });

        assertThat(run(new ByteArrayInputStream(input), "add", "-i", "-")).isZero();
        served.get();
        assertThat(received.toByteArray()).isEqualTo(input);
    }

    @Test
    void standardInputIsLeftAloneElsewhere() throws Exception {
        var input = new ByteArrayInputStream("somebody else's".getBytes(UTF_8));
        var served =
                server.serve(
                        client -> {
                            takeWords(client);
                            assertThat(take(client, 5)).isEqualTo(ByteBuffer.allocate(5));
                            exit(client, 0);
                        });

        assertThat(run(input, "ls", "-a")).isZero();
        served.get();
        assertThat(input.available()).isEqualTo(15);
    }

    @Test
    void anInterruptArrivesWhileTheCommandRunsAndItsExitCodeComes() throws Exception {
        var running = new CountDownLatch(1);
        var served =
                server.serve(
                        client -> {
                            takeWords(client);
                            take(client, 5);
                            running.countDown();
                            assertThat(take(client, 5).get()).isEqualTo((byte) 1);
                            exit(client, 7);
                        });

        try (var client = ControlClient.connect(socket())) {
            server.meanwhile(
                    () -> {
                        running.await();
                        client.interrupt();
                        return true;
                    });
            var in = InputStream.nullInputStream();
            assertThat(client.run(List.of("watch"), new Terminal(0, 0), in, out, err)).isEqualTo(7);
        }
        served.get();
    }

    @Test
    void anInterruptComesThroughWhereTheHostTakesNoMoreInput() throws Exception {
        var endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 0;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        return length;
                    }
                };
        var asked = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        server.serve(
                client -> {
                    takeWords(client);
                    asked.countDown();
                    end.await();
                });

        try (var client = ControlClient.connect(socket())) {
            server.meanwhile(
                    () -> {
                        asked.await();
                        // Until one of them finds the socket full.
                        while (end.getCount() > 0) {
                            client.interrupt();
                        }
                        return true;
                    });
            var terminal = new Terminal(0, 0);
            assertThatThrownBy(() -> client.run(List.of("add", "-"), terminal, endless, out, err))
                    .isInstanceOf(IOException.class);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aHostThatDiesIsToldOf() {
        server.serve(
                client -> {
                    takeWords(client);
                    take(client, 5);
                });

        assertThatThrownBy(() -> run(InputStream.nullInputStream(), "ls"))
                .isInstanceOf(IOException.class)
                .hasMessage("it ended before the command did");
    }

    @Test
    void rubbishFromTheHostEndsTheCall() {
        server.serve(
                client -> {
                    takeWords(client);
                    client.write(ByteBuffer.wrap(new byte[] {1, 127, 0, 0, 0}));
                });
        assertThatThrownBy(() -> run(InputStream.nullInputStream(), "ls"))
                .hasMessageContaining("a frame of");

        server.serve(
                client -> {
                    takeWords(client);
                    send(client, 9, new byte[0]);
                });
        assertThatThrownBy(() -> run(InputStream.nullInputStream(), "ls"))
                .hasMessage("unknown frame 9");
    }

    @Test
    void aReaderThatLeavesEndsTheCallQuietly() throws Exception {
        server.serve(
                client -> {
                    takeWords(client);
                    send(client, 1, "one\n".getBytes(UTF_8));
                    take(client, 6);
                });
        var closed =
                new OutputStream() {
                    @Override
                    public void write(int any) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };

        try (var client = ControlClient.connect(socket())) {
            var in = InputStream.nullInputStream();
            assertThat(client.run(List.of("ls"), new Terminal(0, 0), in, closed, err)).isEqualTo(1);
        }
    }
}
