package dev.capstan.itest.web;

import dev.capstan.itest.Capstan;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/**
 * One tab of a browser, used as a person uses it: by mouse and keys, and by looking. It is a window
 * of its own, so that no other hides it.
 */
public final class Tab implements AutoCloseable {
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

    /** Where pictures of a run are; they are kept for whoever looks at it afterwards. */
    private static final Path PICTURES = Path.of("target", "screenshots");

    private final Browser browser;
    private final String window;

    Tab(Browser browser, String window) {
        this.browser = browser;
        this.window = window;
    }

    /** Goes to another address. */
    void visit(String uri) {
        driver().get(uri);
        run(WORDS);
        await("what is on it", "seen($('main, .door'))");
    }

    /** The addresses it asked for so far. */
    List<String> requests() {
        return browser.events(window, "Network.requestWillBeSent")
                .map(event -> event.getJsonObject("request").getString("url"))
                .toList();
    }

    /** What it said over WebSockets so far. */
    List<String> frames() {
        return browser.events(window, "Network.webSocketFrameSent")
                .map(event -> event.getJsonObject("response").getString("payloadData"))
                .toList();
    }

    /** Keeps what is seen now among the pictures of this run. */
    void picture(String name) throws IOException {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), driver().getScreenshotAs(OutputType.BYTES));
    }

    void size(int width, int height) {
        driver().manage().window().setSize(new Dimension(width, height));
    }

    /** Says what the person prefers, by the names of media features. */
    void prefers(Map<String, String> features) {
        var list =
                features.entrySet().stream()
                        .map(each -> Map.of("name", each.getKey(), "value", each.getValue()))
                        .toList();
        driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", list));
    }

    /** Whether a script says yes; one that stumbles over what is not there yet says no. */
    boolean is(String condition) {
        var script = "try { return !!(%s) } catch { return false }".formatted(condition);
        return (boolean) driver().executeScript(script);
    }

    void await(String what, String condition) {
        await(what, () -> is(condition));
    }

    private void await(String what, BooleanSupplier condition) {
        try {
            Capstan.await(what, condition);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + say("root()?.textContent"), e);
        }
    }

    /** The text of what a script says. */
    String say(String script) {
        return (String) evaluate("String(" + script + ")");
    }

    public double number(String script) {
        return ((Number) evaluate("Number(" + script + ")")).doubleValue();
    }

    /** What a script, or its promise, says. */
    Object evaluate(String script) {
        return driver().executeScript("return (" + script + ")");
    }

    /** Does what a script tells. */
    public void run(String script) {
        driver().executeScript(script);
    }

    /** Clicks on what a script finds, once it is there and nothing covers it. */
    void click(String element) {
        await(element, () -> attempt(element, WebElement::click));
    }

    /** Clicks on the button or link of a name. */
    void press(String name) {
        click("named(" + Json.createValue(name) + ")");
    }

    /** Clicks on the row of a link until its details are seen: it may come or move just then. */
    void show(String link) {
        var shown =
                "seen($('capstan-detail')) && text('.facts').includes(%s)"
                        .formatted(Json.createValue(link));
        var row = "row(" + Json.createValue(link.replaceAll(".*/", "")) + ")";
        await(
                "the details of " + link,
                () -> is(shown) || attempt(row, WebElement::click) && is(shown));
    }

    /** Types into the field with a label. */
    void type(String field, String text) {
        var found = "field(" + Json.createValue(field) + ")";
        await(field, () -> attempt(found, each -> each.sendKeys(text)));
    }

    /** Chooses a file for the field that a script finds. */
    void choose(String element, Path file) {
        await(element, () -> attempt(element, each -> each.sendKeys(file.toString())));
    }

    /** Presses keys, one after the other, wherever the focus is. */
    void type(CharSequence keys) {
        new Actions(driver(), Duration.ZERO).sendKeys(keys).perform();
    }

    void go(String page) {
        evaluate("location.hash = " + Json.createValue(page));
        var id = page.replaceAll("/.*", "");
        await(page, "$('main > [data-page=%s]')?.childElementCount".formatted(id));
    }

    private boolean attempt(String element, Consumer<WebElement> gesture) {
        var script = "try { return %s } catch { return null }".formatted(element);
        try {
            if (driver().executeScript(script) instanceof WebElement found) {
                gesture.accept(found);
                return true;
            }
        } catch (ElementNotInteractableException | StaleElementReferenceException e) {
            // not yet, or not where it was
        }
        return false;
    }

    private ChromeDriver driver() {
        return browser.in(window);
    }

    @Override
    public void close() {
        driver().close();
    }
}
