package dev.capstan.itest.web;

import dev.capstan.itest.Capstan;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** One tab of a browser, used as a person uses it: by mouse and keys, and by looking. */
final class Tab {
    /**
     * In scripts: {@code $} finds one element of the page, {@code $$} all, {@code text} says one.
     */
    private static final String WORDS =
            """
            window.root = () => document.querySelector('capstan-app')?.shadowRoot;
            window.$ = (selector) => root()?.querySelector(selector);
            window.$$ = (selector) => [...root()?.querySelectorAll(selector) ?? []];
            window.text = (selector) => $(selector)?.textContent ?? '';
            window.seen = (element) => !!element && element.getClientRects().length > 0;
            window.row = (name) => $$('.row').find((row) => seen(row) && row.title === name);
            window.named = (name) => $$('button, a').find((each) => seen(each)
                && (each.getAttribute('aria-label') ?? each.textContent.trim()) === name);
            window.field = (name) => $$('label').find((each) => seen(each)
                && each.firstChild.textContent === name)?.querySelector('input, select, textarea');
            window.cell = (user, piece) => $$('td.piece').find((each) => seen(each)
                && each.ariaLabel.startsWith(user + ', ' + piece + ':'))?.querySelector('.cell');
            """;

    private static final Map<String, Integer> CODES =
            Map.of("Enter", 13, "Escape", 27, "Delete", 46, "Tab", 9, " ", 32, "ArrowRight", 39);

    /** Where pictures of a run are; they are kept for whoever looks at it afterwards. */
    private static final Path PICTURES = Path.of("target", "screenshots");

    private final Browser browser;
    private final String session;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> frames = new CopyOnWriteArrayList<>();

    Tab(Browser browser, String session, String uri) {
        this.browser = browser;
        this.session = session;
        browser.listen(session, this::hear);
        for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", "{}");
        }
        size(1280, 800);
        call("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
        call(
                "Page.addScriptToEvaluateOnNewDocument",
                Json.createObjectBuilder().add("source", WORDS).build());
        visit(uri);
    }

    /** Goes to another address. */
    void visit(String uri) {
        call("Page.navigate", Json.createObjectBuilder().add("url", uri).build());
        await("the page", "!!root()");
        // Pages around it may use the same words for something else.
        evaluate(WORDS + "0");
        await("what is on it", "seen($('main, .door'))");
    }

    /** What went wrong in it so far: exceptions, and what its policy forbids. */
    List<String> problems() {
        return problems;
    }

    /** The addresses it asked for so far. */
    List<String> requests() {
        return requests;
    }

    /** What it said over WebSockets so far. */
    List<String> frames() {
        return frames;
    }

    /** Keeps what is seen now among the pictures of this run. */
    void picture(String name) throws IOException {
        var taken = call("Page.captureScreenshot", "{}").getString("data");
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), Base64.getDecoder().decode(taken));
    }

    void size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}"
                        .formatted(width, height));
    }

    void prefers(String scheme) {
        prefers("prefers-color-scheme", scheme);
    }

    void prefers(String feature, String value) {
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"%s\",\"value\":\"%s\"}]}".formatted(feature, value));
    }

    /** Whether a script says yes; one that stumbles over what is not there yet says no. */
    boolean is(String condition) {
        var script = "(() => { try { return !!(%s) } catch { return false } })()";
        return evaluate(script.formatted(condition)).equals(JsonValue.TRUE);
    }

    void await(String what, String condition) {
        try {
            Capstan.await(what, () -> is(condition));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + say("root()?.textContent"), e);
        }
    }

    /** The text a script ends with. */
    String say(String script) {
        var value = evaluate("String(" + script + ")").toString();
        return value.substring(1, value.length() - 1);
    }

    double number(String script) {
        return Double.parseDouble(evaluate("Number(" + script + ")").toString());
    }

    /** The value that a script or its promise ends with. */
    JsonValue evaluate(String script) {
        var answer =
                call(
                        "Runtime.evaluate",
                        Json.createObjectBuilder()
                                .add("expression", script)
                                .add("awaitPromise", true)
                                .add("returnByValue", true)
                                .build());
        if (answer.containsKey("exceptionDetails")) {
            throw new AssertionError(script + ": " + answer.get("exceptionDetails"));
        }
        return answer.getJsonObject("result").getOrDefault("value", JsonValue.NULL);
    }

    /** Clicks on what a script finds, once it is there. */
    void click(String element) {
        await(element, "seen(" + element + ")");
        point(element);
    }

    /** Clicks on what a script finds, if it is there; always false, so that one looks again. */
    boolean tryClick(String element) {
        if (is("seen(" + element + ")")) {
            point(element);
        }
        return false;
    }

    private void point(String element) {
        var place =
                evaluate(
                                """
                                ((box) => ({x: box.x + box.width / 2, y: box.y + box.height / 2}))
                                    (%s.getBoundingClientRect())
                                """
                                        .formatted(element))
                        .asJsonObject();
        for (var type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Json.createObjectBuilder(place)
                            .add("type", type)
                            .add("button", "left")
                            .add("clickCount", 1)
                            .build());
        }
    }

    /** Clicks on the button or link of a name. */
    void press(String name) {
        click("named(" + Json.createValue(name) + ")");
    }

    /** Goes into the field with a label, wherever it moves meanwhile, and types. */
    void type(String field, String text) {
        var found = "field(" + Json.createValue(field) + ")";
        await(field, found);
        evaluate(found + ".focus()");
        type(text);
    }

    /** Chooses a file for the field that a script finds. */
    void choose(String element, Path file) {
        var found =
                call(
                                "Runtime.evaluate",
                                Json.createObjectBuilder().add("expression", element).build())
                        .getJsonObject("result");
        call(
                "DOM.setFileInputFiles",
                Json.createObjectBuilder()
                        .add("objectId", found.getString("objectId"))
                        .add("files", Json.createArrayBuilder().add(file.toString()))
                        .build());
    }

    void type(String text) {
        call("Input.insertText", Json.createObjectBuilder().add("text", text).build());
    }

    void key(String key) {
        var event = Json.createObjectBuilder().add("key", key).add("code", key);
        if (CODES.containsKey(key)) {
            event.add("windowsVirtualKeyCode", CODES.get(key));
        }
        if (key.length() == 1) {
            event.add("text", key);
        } else if (key.equals("Enter")) {
            event.add("text", "\r");
        }
        var fields = event.build();
        for (var type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Json.createObjectBuilder(fields).add("type", type).build());
        }
    }

    void go(String page) {
        evaluate("location.hash = " + Json.createValue(page));
        var id = page.replaceAll("/.*", "");
        await(page, "$('main > [data-page=%s]')?.childElementCount".formatted(id));
    }

    private JsonObject call(String method, String parameters) {
        try (var reader = Json.createReader(new java.io.StringReader(parameters))) {
            return call(method, reader.readObject());
        }
    }

    private JsonObject call(String method, JsonObject parameters) {
        return browser.call(session, method, parameters);
    }

    private void hear(JsonObject event) {
        var parameters = event.getJsonObject("params");
        switch (event.getString("method")) {
            case "Runtime.exceptionThrown" ->
                    problems.add(parameters.get("exceptionDetails").toString());
            case "Log.entryAdded" -> {
                var entry = parameters.getJsonObject("entry");
                // A request that is refused, or finds nobody, is said by the page itself.
                if (!entry.getString("source").equals("network")) {
                    problems.add(entry.toString());
                }
            }
            case "Network.requestWillBeSent" ->
                    requests.add(parameters.getJsonObject("request").getString("url"));
            case "Network.webSocketFrameSent" ->
                    frames.add(parameters.getJsonObject("response").getString("payloadData"));
            default -> {}
        }
    }
}
