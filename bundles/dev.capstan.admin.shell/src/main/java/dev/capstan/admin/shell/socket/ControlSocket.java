package dev.capstan.admin.shell.socket;

import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Listens on {@code run/ctl.sock} in the data folder, so that other processes of the same user
 * reach the verbs of this host: the socket has mode 0600 in a folder of mode 0700.
 *
 * <p>Threads: {@code capstan-ctl} accepts, two more serve each of at most 64 connections. The lock
 * guards the set of sessions alone.
 */
@Component(service = ControlSocket.class, immediate = true)
public final class ControlSocket {
    private static final Logger LOG = System.getLogger(ControlSocket.class.getName());
    private static final int MOST_SESSIONS = 64;
    private static final long ENDING_MILLIS = 2000;
    private static final long BREATH_MILLIS = 200;

    private final Path file;
    private final Commands commands;
    private final Thread listener;
    private final Object lock = new Object();
    private final Set<Session> sessions = new HashSet<>();
    private @Nullable ServerSocketChannel server;
    private boolean tried;
    private boolean going;
    private int count;

    /** Begins to listen. */
    @Activate
    public ControlSocket(BundleContext context, @Reference Commands commands) {
        this(DataFolder.of(context).run().resolve("ctl.sock"), commands);
    }

    ControlSocket(Path file, Commands commands) {
        this.file = file;
        this.commands = commands;
        // Not on the thread that starts the host: it has more urgent things to do.
        listener = new Thread(this::listen, "capstan-ctl");
        listener.setDaemon(true);
        listener.start();
    }

    /** Waits until other processes can connect; false if they cannot. */
    public boolean awaitListening() throws InterruptedException {
        synchronized (lock) {
            while (!tried) {
                lock.wait();
            }
            return server != null;
        }
    }

    /** How many calls of other processes run now. */
    public int sessions() {
        synchronized (lock) {
            return sessions.size();
        }
    }

    /** Waits until no other process needs this host, and takes no more. */
    public void drain() throws InterruptedException {
        synchronized (lock) {
            while (!sessions.isEmpty()) {
                lock.wait();
            }
            going = true;
        }
        stopListening();
    }

    /** Ends everything; what clients began goes on with the host, or when it is back. */
    @Deactivate
    public void close() {
        commands.leave();
        List<Session> open;
        synchronized (lock) {
            going = true;
            open = List.copyOf(sessions);
        }
        stopListening();
        open.forEach(Session::interrupt);
        awaitEnd();
        open.forEach(Session::close);
    }

    private void awaitEnd() {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ENDING_MILLIS);
        try {
            synchronized (lock) {
                for (long left = ENDING_MILLIS; left > 0 && !sessions.isEmpty(); ) {
                    lock.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (var channel = open()) {
            if (opened(channel)) {
                accept(channel);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            opened(null);
            LOG.log(
                    Level.WARNING,
                    "Other processes cannot reach this host: {0}: {1}",
                    file,
                    e.getMessage());
        }
    }

    /** Tells whoever waits; says whether there is still somebody to listen for. */
    private boolean opened(@Nullable ServerSocketChannel channel) {
        synchronized (lock) {
            server = going ? null : channel;
            tried = true;
            lock.notifyAll();
            return !going;
        }
    }

    private void accept(ServerSocketChannel channel) {
        while (channel.isOpen()) {
            try {
                serve(channel.accept());
            } catch (ClosedChannelException e) {
                return; // closing the channel is how this thread is ended
            } catch (IOException e) {
                LOG.log(Level.WARNING, "A connection to the control socket was lost", e);
                breathe();
            }
        }
    }

    /** What keeps a connection from being accepted, such as too many open files, takes a moment. */
    private void breathe() {
        try {
            synchronized (lock) {
                lock.wait(BREATH_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ServerSocketChannel open() throws IOException {
        var folder = file.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            var mode = PosixFilePermissions.fromString("rwx------");
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode));
        }
        var address = UnixDomainSocketAddress.of(file);
        if (Files.exists(file)) {
            removeStale(address);
        }
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A process that was killed leaves its socket behind; one that answers is not ours to take. */
    private void removeStale(UnixDomainSocketAddress address) throws IOException {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(address);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            return;
        }
        throw new IOException("another host listens there");
    }

    private void serve(SocketChannel channel) throws IOException {
        var session = new Session(channel, commands);
        Thread thread;
        synchronized (lock) {
            if (going || sessions.size() >= MOST_SESSIONS) {
                channel.close();
                return;
            }
            sessions.add(session);
            thread = new Thread(() -> run(session), "capstan-ctl-" + ++count);
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Session session) {
        try {
            session.run();
        } finally {
            synchronized (lock) {
                sessions.remove(session);
                lock.notifyAll();
            }
        }
    }

    private void stopListening() {
        ServerSocketChannel channel;
        synchronized (lock) {
            channel = server;
            server = null;
        }
        if (channel == null) {
            return;
        }
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The control socket could not be closed", e);
        }
    }
}
