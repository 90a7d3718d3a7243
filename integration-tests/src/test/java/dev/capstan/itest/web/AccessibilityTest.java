package dev.capstan.itest.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What axe says of each page in both schemes, what a browser is told that loads the page, and what
 * it may not run there (S5).
 */
@Timeout(180)
class AccessibilityTest {
    private static final List<String> PAGES =
            List.of(
                    "downloads/active",
                    "downloads/waiting",
                    "downloads/finished",
                    "downloads/failed",
                    "batches",
                    "records",
                    "rooms",
                    "hosts",
                    "plugins",
                    "system");

    @TempDir static Path root;
    private static final Origin origin = Origin.plain();
    private static WebHost host;
    private static Browser browser;
    private static String axe;

    @BeforeAll
    static void start() throws Exception {
        Browser.needed();
        try (var script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        host = new WebHost(Files.createDirectory(root.resolve("host")));
        browser = new Browser(root);
        origin.serve("/slow.bin", Resource.of(Body.random(4_000_000, 1)).pace(20_000));
        origin.serve("/done.wav", Resource.of(Body.of(Tone.wav(1))));
        host.control.add("-x", "1", origin.uri("/slow.bin").toString());
        host.control.add(origin.uri("/done.wav").toString());
        host.control.add(origin.uri("/none.bin").toString());
        host.addPaused(List.of(origin.uri("/later.bin").toString()));
        host.control.done("etch", "A tone", origin.uri("/done.wav").toString());
        host.awaitState("/done.wav", "COMPLETED");
        host.awaitState("/none.bin", "FAILED");
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void axeFindsNothing(String scheme) {
        var found = new ArrayList<String>();
        var door = browser.open(host.at("/").toString());
        judge(door, scheme, "door", found);

        var tab = browser.open(host.page());
        for (var page : PAGES) {
            tab.go(page);
            tab.await("what is on it", "$('main h1')");
            if (page.startsWith("downloads/")) {
                tab.click("$$('.row').find(seen)");
                tab.await("its details", "seen($('capstan-detail')) && text('.facts')");
            }
            tab.evaluate("$$('details').forEach((each) => each.open = true)");
            judge(tab, scheme, page, found);
        }
        for (var key : List.of("?", "a")) {
            tab.key(key);
            tab.await("a dialog", "$('dialog')");
            judge(tab, scheme, key, found);
            tab.key("Escape");
            tab.await("no dialog", "!$('dialog')");
        }
        tab.size(360, 740);
        tab.go("downloads/active");
        judge(tab, scheme, "narrow", found);
        assertThat(found).isEmpty();
    }

    /** Apart from axe, which tries a style of its own in each page. */
    @Test
    void noPageTriesWhatIsForbidden() {
        var tab = browser.open(host.page());
        for (var page : PAGES) {
            tab.go(page);
            tab.await("what is on it", "$('main h1')");
        }
        assertThat(tab.problems()).isEmpty();
    }

    /** A test of the tests: what is plainly wrong is found. */
    @Test
    void axeFindsWhatIsWrong() {
        var tab = browser.open(host.page());
        tab.evaluate(
                "$('main').append(Object.assign(document.createElement('img'), {src: 'icon.svg'}))");
        var found = new ArrayList<String>();
        judge(tab, "light", "an image without a name", found);
        assertThat(found).anyMatch(each -> each.contains("image-alt"));
    }

    @Test
    void nothingForeignRunsInThePage() throws Exception {
        var tab = browser.open(host.page());
        tab.evaluate(
                """
                for (const properties of [
                    {textContent: 'window.inline = true'},
                    {src: 'data:text/javascript,window.data = true'}]) {
                  document.body.append(Object.assign(document.createElement('script'), properties));
                }
                """);
        tab.evaluate("fetch('http://127.0.0.1:1/').catch(() => {})");
        Capstan.await("three refusals", () -> tab.problems().size() >= 3);
        assertThat(tab.say("window.inline ?? window.data")).isEqualTo("undefined");
    }

    @Test
    void theTokenDoesNotStayInTheAddress() {
        var tab = browser.open(host.page());
        tab.await("the page", "text('.tally').includes('active')");
        assertThat(tab.say("location.href")).doesNotContain("token");
    }

    @Test
    void filesSayWhatTheyAreAndWhatTheyMayDo() {
        assertThat(host.out()).contains("web UI", host.at("/").toString());
        for (var file : List.of("/", "/app.js", "/style.css", "/icon.svg")) {
            var answer = host.get(file);
            assertThat(answer.statusCode()).isEqualTo(200);
            var headers = answer.headers();
            assertThat(headers.firstValue("Content-Type").orElseThrow())
                    .isEqualTo(
                            switch (file) {
                                case "/" -> "text/html;charset=utf-8";
                                case "/app.js" -> "text/javascript;charset=utf-8";
                                case "/style.css" -> "text/css;charset=utf-8";
                                default -> "image/svg+xml;charset=utf-8";
                            });
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self';")
                    .doesNotContain("unsafe", "*");
            assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
            var tag = headers.firstValue("ETag").orElseThrow();
            assertThat(host.get(file, "If-None-Match", "\"other\", " + tag).statusCode())
                    .isEqualTo(304);
            assertThat(host.get(file, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        }
        assertThat(host.get("/none").statusCode()).isEqualTo(404);
        assertThat(host.get("/../page/app.js").statusCode()).isNotEqualTo(200);
    }

    private static void judge(Tab tab, String scheme, String where, List<String> found) {
        tab.prefers(scheme);
        if (tab.say("typeof axe").equals("undefined")) {
            tab.evaluate(axe + "; 0");
        }
        // What still comes in is faint for a moment.
        tab.await(
                "all to be there",
                "root().getAnimations().every((each) => each instanceof CSSTransition || each.playState == 'finished')");
        var told =
                tab.evaluate(
                        """
                        axe.run(document).then(({violations}) => violations.map((each) => ({
                            rule: each.id, where: each.nodes.map((node) => node.html + ' ' + (node.any[0]?.message ?? '')).slice(0, 3)})))
                        """);
        for (var each : told.asJsonArray()) {
            JsonObject violation = each.asJsonObject();
            found.add(scheme + " " + where + ": " + violation);
        }
    }
}
