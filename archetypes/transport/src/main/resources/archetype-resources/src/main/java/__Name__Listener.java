package ${package};

import dev.capstan.room.spi.RoomTransport.Acceptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes the members of one room in, on a thread of its own. */
final class ${Name}Listener implements Closeable {
    /** Nobody who connects has proven anything yet, so there is an end to it. */
    private static final int MOST_MEMBERS = 256;

    private final ServerSocketChannel server;
    private final Path path;
    private final Acceptor acceptor;
    private final Set<Closeable> open;
    private final Set<${Name}Channel> members = ConcurrentHashMap.newKeySet();

    ${Name}Listener(
            ServerSocketChannel server, Path path, Acceptor acceptor, Set<Closeable> open) {
        this.server = server;
        this.path = path;
        this.acceptor = acceptor;
        this.open = open;
    }

    void start() {
        ${Name}Channel.thread(this::accept, "listener").start();
    }

    private void accept() {
        try {
            while (true) {
                welcome(server.accept());
            }
        } catch (IOException e) {
            // It was closed, and so are all its channels.
        }
    }

    private void welcome(SocketChannel socket) throws IOException {
        if (members.size() >= MOST_MEMBERS) {
            socket.close();
            return;
        }
        var channel = new ${Name}Channel(socket, "a member at " + path);
        members.add(channel);
        if (!server.isOpen()) {
            channel.close();
        }
        // The room may send from within accept, so it is asked before anything is read.
        channel.start(acceptor.accept(channel), () -> members.remove(channel));
    }

    @Override
    public void close() throws IOException {
        if (open.remove(this)) {
            server.close();
            Files.deleteIfExists(path);
            members.forEach(${Name}Channel::close);
        }
    }
}
