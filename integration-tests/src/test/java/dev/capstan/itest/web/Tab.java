package dev.capstan.itest.web;

import dev.capstan.itest.Capstan;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
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
            """;

    private static final Map<String, Integer> CODES =
            Map.of("Enter", 13, "Escape", 27, "Delete", 46, "Tab", 9, " ", 32, "ArrowRight", 39);

    private final Browser browser;
    private final String session;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    Tab(Browser browser, String session, String uri) {
        this.browser = browser;
        this.session = session;
        browser.listen(session, this::hear);
        for (var domain : List.of("Page", "Runtime", "Log")) {
            call(domain + ".enable", "{}");
        }
        size(1280, 800);
        call("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
        call(
                "Page.addScriptToEvaluateOnNewDocument",
                Json.createObjectBuilder().add("source", WORDS).build());
        call("Page.navigate", Json.createObjectBuilder().add("url", uri).build());
        await("the page", "!!root() && seen($('main, .door'))");
    }

    /** What went wrong in it so far: exceptions, and what its policy forbids. */
    List<String> problems() {
        return problems;
    }

    void size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}"
                        .formatted(width, height));
    }

    void prefers(String scheme) {
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}"
                        .formatted(scheme));
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
            default -> {}
        }
    }
}
