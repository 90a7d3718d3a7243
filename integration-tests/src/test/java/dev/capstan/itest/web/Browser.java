package dev.capstan.itest.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.File;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser, driven over WebDriver. For one thread. */
public final class Browser implements AutoCloseable {
    private static final String PROGRAM = "chromium-headless-shell";
    private static final String DRIVER = "chromedriver";

    /** A request that is refused, or finds nobody, is said by the page itself. */
    private static final Pattern NETWORK =
            Pattern.compile(" (- Failed to load resource|WebSocket connection to .* failed): ");

    /** Warns at each start that it knows no DevTools of this version; none of them is used. */
    private static final Logger SELENIUM_DEVTOOLS =
            Logger.getLogger("org.openqa.selenium.devtools");

    static {
        SELENIUM_DEVTOOLS.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final String first;
    private final List<JsonObject> events = new ArrayList<>();
    private String window;

    /** Skips the test, and says so, where there is no browser; in CI there must be one. */
    public static void needed() {
        for (var name : List.of(PROGRAM, DRIVER)) {
            var isThere = find(name).isPresent();
            if (!isThere && System.getenv("CI") != null) {
                throw new AssertionError(name + " is not installed; install-tools does it");
            }
            assumeTrue(isThere, "skipped: " + name + " is not installed");
        }
    }

    /**
     * Starts one.
     *
     * @param folder where it keeps what it needs
     */
    public Browser(Path folder) {
        var home = folder.toString();
        var service =
                new ChromeDriverService.Builder()
                        // Told where it is, it downloads none.
                        .usingDriverExecutable(find(DRIVER).orElseThrow())
                        .usingAnyFreePort()
                        .withTimeout(Duration.ofMinutes(1))
                        .withEnvironment(Map.of("HOME", home, "XDG_RUNTIME_DIR", home))
                        .build();
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        var options = new ChromeOptions();
        options.setCapability("browserName", "chrome-headless-shell");
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.setBinary(find(PROGRAM).orElseThrow());
        options.addArguments(
                "--no-sandbox",
                "--disable-gpu",
                "--mute-audio",
                "--window-size=1280,800",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                "--autoplay-policy=no-user-gesture-required",
                "--user-data-dir=" + folder.resolve("profile"));
        driver = new ChromeDriver(service, options);
        first = driver.getWindowHandle();
        window = first;
    }

    /** A tab that looks at a page of the host. */
    public Tab open(String uri) {
        // One that is not closed, as the current one may be.
        in(first).switchTo().newWindow(WindowType.WINDOW);
        window = driver.getWindowHandle();
        var tab = new Tab(this, window);
        tab.visit(uri);
        return tab;
    }

    /** Turns to a window. */
    ChromeDriver in(String other) {
        if (!window.equals(other)) {
            driver.switchTo().window(other);
            window = other;
        }
        return driver;
    }

    /** What DevTools told of a window's network so far: the parameters of a kind of event. */
    Stream<JsonObject> events(String of, String kind) {
        for (var entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            try (var reader = Json.createReader(new StringReader(entry.getMessage()))) {
                events.add(reader.readObject());
            }
        }
        return events.stream()
                .filter(event -> event.getString("webview").equals(of))
                .map(event -> event.getJsonObject("message"))
                .filter(message -> message.getString("method").equals(kind))
                .map(message -> message.getJsonObject("params"));
    }

    /** What went wrong in any tab since one asked last: exceptions, and what a policy forbids. */
    List<String> problems() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(said -> !NETWORK.matcher(said).find())
                .toList();
    }

    private static Optional<File> find(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
