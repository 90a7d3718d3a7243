package dev.capstan.itest.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.itest.Capstan;
import dev.capstan.itest.play.SealedBundle;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * What is changed of the host itself on its page, and how the page stays in step over connections
 * that break. Whether something happened is asked of the host.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebUiHostTest {
    private static final int SIZE = 4_000_000;
    private static final int PACE = 60_000;
    private static final String WORD = "marked-link-word-20aa";

    @TempDir static Path root;
    private static final Origin origin = Origin.plain();
    private static final AtomicInteger files = new AtomicInteger();
    private static FakeFshare fshare;
    private static WebHost host;
    private static Browser browser;
    private static Tab tab;

    @BeforeAll
    static void start() throws Exception {
        Browser.needed();
        fshare = FakeFshare.start();
        var options = new ArrayList<String>();
        for (var setting :
                List.of(
                        "apiUrl=" + fshare.apiUrl(),
                        "folderUrl=" + fshare.folderUrl(),
                        "deliveryHosts=" + fshare.deliveryUrl().getHost(),
                        "callSpacing=1 ms")) {
            options.addAll(List.of("--set", "dev.capstan.host.fshare:" + setting));
        }
        var starting = WebHost.starting(root.resolve("host"), options.toArray(String[]::new));
        browser = new Browser(root);
        host = starting.join();
        tab = browser.open(host.page());
    }

    @AfterAll
    static void end() throws Exception {
        origin.close();
        if (browser != null) {
            browser.close();
        }
        if (host != null) {
            host.close();
        }
        if (fshare != null) {
            fshare.close();
        }
    }

    @AfterEach
    void nothingWentWrongInside() {
        assertThat(browser.problems()).isEmpty();
        tab.run("$('dialog')?.close()");
    }

    @Test
    void whatIsChosenForALinkGoesWithIt() throws Exception {
        tab.go("downloads/active");
        origin.serve("/asked.bin", Resource.of(Body.random(20_000, 7)));
        addWithChoices(origin.uri("/asked.bin").toString());
        tab.type("File name", "chosen.bin");
        tab.type("Checksum", "0".repeat(64));
        tab.type("Headers, one on each line", "X-Asked: by a person");
        tab.type("Most connections", "3");
        tab.type("Speed limit", "fast");
        tab.press("Download");
        tab.await("what is no speed", "text('dialog .wrong').includes('fast')");
        assertThat(host.state("chosen.bin")).isEmpty();

        tab.evaluate("field('Speed limit').value = '', field('Priority').focus()");
        tab.type("H");
        tab.type("Speed limit", "1.5 MB/s");
        tab.picture("add-with-choices");
        tab.press("Download");
        host.awaitState("chosen.bin", "FAILED");

        var download = host.download("chosen.bin");
        assertThat(download.getJsonObject("error").getString("class")).isEqualTo("CHECKSUM");
        assertThat(download.getInt("priority")).isEqualTo(100);
        assertThat(download.getInt("maxConnections")).isEqualTo(3);
        assertThat(download.getInt("limitBytesPerSecond")).isEqualTo(1_500_000);
        assertThat(origin.log())
                .anyMatch(asked -> asked.header("X-Asked").orElse("").equals("by a person"));
    }

    @Test
    void limitsAreChangedWhileItRuns() throws Exception {
        var link = choose(slow());
        tab.click("$('capstan-detail .choices summary')");
        tab.type("Speed limit", "20k");
        tab.type(Keys.TAB);
        Capstan.await(
                "the limit", () -> host.download(link).getInt("limitBytesPerSecond", 0) == 20_000);
        tab.evaluate("field('Priority').focus()");
        tab.type("L");
        Capstan.await("the priority", () -> host.download(link).getInt("priority", 0) == -100);
        tab.await(
                "it is shown as it is",
                "field('Speed limit').value.replace(/\\s/g, ' ') == '20.0 kB/s'");
        host.control.done("cancel", link);
    }

    @Test
    void whatIsThereOfAPausedDownloadIsDrawn() throws Exception {
        var link = choose(slow());
        Capstan.await("some of it", () -> host.download(link).getInt("downloaded", 0) > PACE / 2);
        tab.press("Pause");
        host.awaitState(link, "PAUSED");

        var paused = host.download(link);
        var ranges = host.ask("downloads/" + paused.getString("id")).getJsonArray("ranges");
        assertThat(ranges).isNotEmpty();
        assertThat(ranges.getJsonArray(0).getInt(1)).isEqualTo(paused.getInt("downloaded"));

        try (var other = browser.open(host.page())) {
            other.go("downloads/waiting");
            other.show(link);
            other.await(
                    "its map",
                    "seen($('.map')) && $('.map').ariaLabel.includes('of the file is here')");
            other.picture("detail-paused");
        }
        host.control.done("cancel", link);
    }

    @Test
    void aRecordIsEtched() throws Exception {
        origin.serve("/tone.wav", Resource.of(Body.of(Tone.wav(2))));
        tab.go("records");
        tab.press("Etch");
        tab.click("$('dialog input')");
        tab.type("A tone of two seconds");
        tab.click("$('dialog textarea')");
        tab.type(origin.uri("/tone.wav").toString());
        tab.click("$('dialog .primary')");
        Capstan.await(
                "the record",
                () -> host.ask("records").toString().contains("A tone of two seconds"));
        tab.await("it is on the shelf", "text('.shelf').includes('A tone of two seconds')");
        tab.picture("records");
    }

    @Test
    @Order(1)
    void anAccountIsSet() throws Exception {
        assertThat(account().getString("state")).isEqualTo("NOT_CONFIGURED");
        tab.go("hosts");
        tab.press("Account of fshare");
        for (var field : account().getJsonArray("fields").getValuesAs(JsonObject.class)) {
            tab.click("$('dialog input[aria-label=\"" + field.getString("label") + "\"]')");
            tab.type(
                    switch (field.getString("name")) {
                        case "email" -> FakeAccount.EMAIL;
                        case "password" -> FakeAccount.PASSWORD;
                        case "appKey" -> FakeAccount.APP_KEY;
                        default -> FakeAccount.USER_AGENT;
                    });
        }
        tab.press("Save");
        Capstan.await(
                "the account",
                () -> List.of("OK", "UNKNOWN").contains(account().getString("state", "")));
        tab.press("Check the account of fshare");
        Capstan.await("it works", () -> account().getString("state", "").equals("OK"));
        tab.await(
                "that it works",
                "text('.card:has([aria-label=\"Account of fshare\"])').includes('works')");
        tab.picture("hosts");
        assertThat(host.ask("hosts").toString() + tab.say("root().textContent"))
                .doesNotContain(FakeAccount.PASSWORD, FakeAccount.APP_KEY);
    }

    @Test
    @Order(2)
    void aLinksPasswordOpensIt() throws Exception {
        fshare.file("SECRETFILE0001").named("locked.bin").size(1000).password(WORD);
        tab.go("downloads/active");
        addWithChoices("https://www.fshare.vn/file/SECRETFILE0001");
        tab.type("Link password", WORD);
        tab.press("Download");
        host.awaitState("locked.bin", "COMPLETED");
        assertThat(host.ask("downloads").toString()).doesNotContain(WORD);
    }

    @Test
    void aPluginIsUploaded() throws Exception {
        var jar = root.resolve("sealed-1.0.0.jar");
        SealedBundle.write(jar);
        tab.go("plugins");
        tab.await("the list", "named('Install')");
        tab.choose("$('main input[type=file]')", jar);
        Capstan.await(
                "the host it brings", () -> host.ask("hosts").toString().contains("\"sealed\""));
        tab.await("its row", "named('Stop test.sealed')");
        tab.picture("plugins");
        assertThat(host.ask("bundles").getJsonArray("items").getValuesAs(JsonObject.class))
                .anyMatch(
                        bundle ->
                                bundle.getString("name").equals("test.sealed")
                                        && bundle.getString("state").equals("ACTIVE"));
    }

    @Test
    void whereNoSocketCanBeHadThePageAsks() throws Exception {
        var link = slow();
        try (var gate = new Gate(host.port()).refuse();
                var other = browser.open(host.pageAt(gate.port()))) {
            other.await("the list", "text('.blank').includes('Nothing')|| $$('.row').some(seen)");
            host.control.add("-x", "1", link);
            other.await("its row", "row('" + name(link) + "')");
            other.await("a speed", "row('" + name(link) + "').textContent.includes('kB/s')");
            assertThat(other.is("$('.app.lost')")).as("said to be lost").isFalse();
            assertThat(other.frames()).isEmpty();

            other.show(link);
            other.press("Pause");
            host.awaitState(link, "PAUSED");
            other.await("it leaves the tab", "!row('" + name(link) + "')");
        }
        host.control.done("cancel", link);
    }

    @Test
    void aBrokenSocketGoesOnWhereItWas() throws Exception {
        var link = slow();
        host.control.add("-x", "1", link);
        try (var gate = new Gate(host.port());
                var other = browser.open(host.pageAt(gate.port()))) {
            other.await("its row", "row('" + name(link) + "')");
            other.await("a speed", "row('" + name(link) + "').textContent.includes('kB/s')");
            gate.cut();
            var asked = lists(other);
            host.control.done("pause", link);
            host.awaitState(link, "PAUSED");
            assertThat(other.is("row('" + name(link) + "')")).as("it cannot know").isTrue();
            gate.letThrough();

            other.await("what it missed", "!row('" + name(link) + "')");
            assertThat(other.frames())
                    .hasSize(2)
                    .last()
                    .asString()
                    .containsPattern("\"since\":[0-9]+");
            assertThat(lists(other)).as("lists that were loaded").isEqualTo(asked);
            assertThat(other.is("$('.app.lost')")).isFalse();
        }
        host.control.done("cancel", link);
    }

    @Test
    void theConsoleHasAllOfIt() throws Exception {
        var console =
                "http://capstan:%s@127.0.0.1:%d/system/console/capstan"
                        .formatted(host.token(), host.port());
        var link = slow();
        try (var inside = browser.open(console)) {
            inside.await(
                    "the page inside", "$('.app.embedded') && seen($('.rail')) && seen($('main'))");
            inside.evaluate(
                    """
                    document.dispatchEvent(new ClipboardEvent('paste', {clipboardData:
                        ((data) => (data.setData('text', '%s'), data))(new DataTransfer())}))
                    """
                            .formatted(link));
            inside.press("Download");
            host.awaitState(link, "DOWNLOADING");
            inside.show(link);
            inside.press("Pause");
            host.awaitState(link, "PAUSED");
            inside.press("System");
            inside.await("another page of it", "$('[data-page=system]')");
            assertThat(inside.say("location.hash")).as("the address is the console's").isEmpty();
            inside.picture("console");
        }
        host.control.done("cancel", link);
    }

    /** Opens the box with a link in it, and what can be chosen for it. */
    private static void addWithChoices(String link) {
        tab.type("a");
        tab.await("the box for links", "$('dialog textarea')");
        tab.type(link);
        // What it says of the link moves what is below.
        tab.await("what the link is", "/[0-9a-z]/.test(text('.preview').replace(/Looking …/, ''))");
        tab.click("$('dialog .choices summary')");
    }

    private static JsonObject account() {
        // While a plug-in takes over what it was told, it is away for a moment.
        return host.ask("hosts/fshare").get("account") instanceof JsonObject account
                ? account
                : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static long lists(Tab tab) {
        return tab.requests().stream().filter(uri -> uri.contains("/downloads?")).count();
    }

    /** Adds a link, and clicks on its row. */
    private static String choose(String link) throws Exception {
        host.control.add("-x", "1", link);
        tab.go("downloads/active");
        tab.show(link);
        return link;
    }

    /** A link to something that takes a minute. */
    private static String slow() {
        var path = "/slow-" + files.incrementAndGet() + ".bin";
        origin.serve(path, Resource.of(Body.random(SIZE, files.get())).pace(PACE));
        return origin.uri(path).toString();
    }

    private static String name(String link) {
        return link.replaceAll(".*/", "");
    }
}
