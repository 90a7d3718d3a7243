package dev.capstan.admin.shell.host;

import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.Questions;
import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.content.Contents;
import dev.capstan.feature.Features;
import dev.capstan.host.Hosts;
import dev.capstan.record.RecordPlayer;
import dev.capstan.record.Records;
import dev.capstan.room.Rooms;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;

/** A host with a scripted queue, and calls of its verbs. */
public final class TestHost {
    public final Feed feed = new Feed();
    public final ScriptedDownloads queue = new ScriptedDownloads(feed);
    public final Services services;
    public final Commands commands;

    /** Who answers when a verb asks. */
    public volatile Questions questions = Questions.NOBODY;

    public TestHost(Path data) {
        services = new Services(context(data));
        services.bindDownloads(queue);
        commands = new Commands(services, feed);
    }

    /** The queue goes, as it does while one of its stores is updated. */
    public void takeQueueAway() {
        services.unbindDownloads(queue);
        queue.away = true;
    }

    public void bringQueueBack() {
        queue.away = false;
        services.bindDownloads(queue);
    }

    /** Brings another service. */
    public void give(Object service) {
        if (service instanceof Hosts hosts) {
            services.hosts = hosts;
        } else if (service instanceof Contents contents) {
            services.contents = contents;
        } else if (service instanceof Features features) {
            services.features = features;
        } else if (service instanceof Records records) {
            services.bindRecords(records);
        } else if (service instanceof Rooms rooms) {
            services.bindRooms(rooms);
        } else if (service instanceof RecordPlayer player) {
            services.player = player;
        } else {
            throw new IllegalArgumentException(service.toString());
        }
    }

    /** A call and what came of it. */
    public static final class Call {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private volatile Thread thread;

        public String out() {
            return out.toString(StandardCharsets.UTF_8);
        }

        public String err() {
            return err.toString(StandardCharsets.UTF_8);
        }

        public int exit() throws Exception {
            return exit.get(20, java.util.concurrent.TimeUnit.SECONDS);
        }

        public boolean isDone() {
            return exit.isDone();
        }

        public void interrupt() {
            thread.interrupt();
        }
    }

    /** Calls a verb on its own thread, with streams that are no terminals. */
    public Call start(Path folder, String... words) {
        return start(folder, InputStream.nullInputStream(), 0, words);
    }

    public Call start(Path folder, String input, int columns, String... words) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return start(folder, in, columns, words);
    }

    private Call start(Path folder, InputStream in, int columns, String... words) {
        var call = new Call();
        var out = new PrintStream(call.out, false, StandardCharsets.UTF_8);
        var err = new PrintStream(call.err, false, StandardCharsets.UTF_8);
        var console = new Console(in, out, err, columns, columns > 0, columns > 0, true, questions);
        call.thread =
                new Thread(
                        () -> call.exit.complete(commands.execute(List.of(words), console, folder)),
                        "test-call");
        call.thread.start();
        return call;
    }

    private static BundleContext context(Path data) {
        return (BundleContext)
                Proxy.newProxyInstance(
                        TestHost.class.getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (proxy, method, words) ->
                                method.getName().equals("getProperty") ? data.toString() : null);
    }
}
