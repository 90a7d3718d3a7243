package dev.capstan.itest.events;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client as programs are: it reads whatever comes and answers pings. */
final class Client implements WebSocket.Listener, AutoCloseable {
    private static final String END = "end";

    /** What came, and when. */
    record Heard(String text, Instant at) {

        String type() {
            return text.substring(9, text.indexOf('"', 9));
        }

        JsonObject json() {
            try (var reader = Json.createReader(new StringReader(text))) {
                return reader.readObject();
            }
        }

        long rev() {
            return json().getJsonNumber("rev").longValueExact();
        }

        /** The downloads it is about. */
        List<JsonObject> downloads() {
            return json().getJsonArray("downloads").getValuesAs(JsonObject.class);
        }
    }

    private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private volatile int closeCode;
    private WebSocket socket;

    static Client connect(HttpClient http, int port, String token, String wanted) {
        var client = new Client();
        client.socket =
                http.newWebSocketBuilder()
                        .subprotocols("capstan.v1", "capstan.token." + token)
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/events"), client)
                        .join();
        client.say(wanted);
        return client;
    }

    void say(String text) {
        socket.sendText(text, true).join();
    }

    void sayBinary() {
        socket.sendBinary(ByteBuffer.wrap(new byte[3]), true).join();
    }

    String protocol() {
        return socket.getSubprotocol();
    }

    /** The next message, whatever it is. */
    Heard next() throws InterruptedException {
        var next = heard.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("Nothing is heard any more");
        }
        return next;
    }

    /** Everything up to the first message that is wanted, which is the last. */
    List<Heard> until(Predicate<Heard> wanted) throws InterruptedException {
        var all = new ArrayList<Heard>();
        do {
            var next = next();
            if (next.text.equals(END)) {
                throw new AssertionError("Closed with " + closeCode + " after " + all);
            }
            all.add(next);
        } while (!wanted.test(all.get(all.size() - 1)));
        return all;
    }

    /** The first message of a type. */
    Heard await(String type) throws InterruptedException {
        var all = until(message -> message.type().equals(type));
        return all.get(all.size() - 1);
    }

    /** Everything up to the first time a download is told to be in a state. */
    List<Heard> untilState(String link, String state) throws InterruptedException {
        return until(
                message ->
                        message.type().startsWith("download.")
                                && message.downloads().stream()
                                        .anyMatch(
                                                each ->
                                                        each.getString("url", "").equals(link)
                                                                && each.getString("state")
                                                                        .equals(state)));
    }

    /** What it was closed with. */
    int closed() throws InterruptedException {
        while (!next().text.equals(END)) {
            // What came before is of no interest.
        }
        return closeCode;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            heard.add(new Heard(part.toString(), Instant.now()));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closeCode = code;
        heard.add(new Heard(END, Instant.now()));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        heard.add(new Heard(END, Instant.now()));
    }

    @Override
    public void close() {
        socket.abort();
    }
}
