package dev.capstan.room.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks for the addresses of a name on a thread of its own, since whoever asks the system can
 * neither be interrupted nor told when to give up.
 */
final class Lookup {
    private Lookup() {}

    static List<InetAddress> of(String host, Duration within)
            throws IOException, InterruptedException {
        var task = new FutureTask<>(() -> List.of(InetAddress.getAllByName(host)));
        var thread = new Thread(task, "capstan-room-tcp-lookup");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnknownHostException(
                    "No address of " + host + " was found within " + within.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IOException("No address of " + host + " is known", e.getCause());
        }
    }
}
