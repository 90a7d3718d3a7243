package dev.capstan.admin.shell.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FramesTest {
    @TempDir private Path folder;
    private SocketChannel ours;
    private SocketChannel theirs;
    private Frames frames;

    @BeforeEach
    void connect() throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            theirs = SocketChannel.open(address);
            ours = server.accept();
        }
        frames = new Frames(ours);
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        theirs.close();
    }

    @Test
    void anInterruptDoesNotCloseTheConnection() throws Exception {
        var out = frames.output(Frames.OUTPUT);
        out.write("put away".getBytes(UTF_8));
        Thread.currentThread().interrupt();
        out.flush();
        frames.exit(7);

        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(ours.isOpen()).isTrue();
        var in = new Frames(theirs).input();
        assertThat(in.readByte()).isEqualTo((byte) Frames.OUTPUT);
        assertThat(in.readNBytes(in.readInt())).asString(UTF_8).isEqualTo("put away");
        assertThat(in.readByte()).isEqualTo((byte) Frames.EXIT);
        assertThat(in.readInt()).isEqualTo(4);
        assertThat(in.readInt()).isEqualTo(7);
    }

    @Test
    void framesStayBelowTheirLimit() throws Exception {
        var bytes = new byte[300_000];
        bytes[299_999] = 1;
        var writer =
                new Thread(
                        () -> {
                            try {
                                var out = frames.output(Frames.ERROR);
                                out.write(bytes);
                                out.flush();
                                frames.exit(0);
                            } catch (IOException e) {
                                // The reader misses bytes.
                            }
                        });
        writer.start();
        var in = new Frames(theirs).input();
        var sizes = new ArrayList<Integer>();
        var total = 0;
        while (in.readByte() == Frames.ERROR) {
            var length = in.readInt();
            sizes.add(length);
            total += in.readNBytes(length).length;
        }
        assertThat(total).isEqualTo(bytes.length);
        assertThat(sizes).allMatch(size -> size > 0 && size <= Frames.LARGEST);
    }
}
