package dev.capstan.admin.rest.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client's end of a wire that takes what is sent at once, or only when it is told to. */
final class Listener implements Wire {
    final List<JsonObject> heard = new ArrayList<>();
    final List<String> endings = new ArrayList<>();
    int pings;
    boolean mayListen = true;
    int demands;
    private boolean reads = true;
    private Runnable taken;

    /** Takes nothing any more. */
    Listener stall() {
        reads = false;
        return this;
    }

    /** Takes what waits, and all that comes. */
    void resume() {
        reads = true;
        var waiting = taken;
        taken = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    /** What was sent since the last time. */
    List<JsonObject> drain() {
        var all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    List<String> drainTypes() {
        return drain().stream().map(message -> message.getString("type")).toList();
    }

    @Override
    public void send(ByteBuffer utf8, Runnable done) {
        if (taken != null) {
            throw new AssertionError("Two messages at once");
        }
        var text = UTF_8.decode(utf8).toString();
        try (var reader = Json.createReader(new StringReader(text))) {
            heard.add(reader.readObject());
        }
        if (reads) {
            done.run();
        } else {
            taken = done;
        }
    }

    @Override
    public boolean mayListen() {
        return mayListen;
    }

    @Override
    public void ping() {
        pings++;
    }

    @Override
    public void demand() {
        demands++;
    }

    @Override
    public void close(int code, String why) {
        endings.add("" + code);
    }

    @Override
    public void abort() {
        endings.add("aborted");
    }
}
