package dev.capstan.itest.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

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

    @BeforeAll
    static void start() throws Exception {
        Browser.needed();
        var starting = WebHost.starting(root.resolve("host"));
        browser = new Browser(root);
        host = starting.join();
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

    @Test
    void axeFindsNothing() {
        var found = new ArrayList<String>();
        // By another name the host is another site, of which this browser knows no token.
        try (var door = browser.open(host.at("/").toString().replace("127.0.0.1", "localhost"))) {
            found.addAll(Axe.judge(door, "door"));
        }
        try (var tab = browser.open(host.page())) {
            for (var page : PAGES) {
                tab.go(page);
                tab.await("what is on it", "$('main h1')");
                if (page.startsWith("downloads/")) {
                    tab.click("$$('.row').find(seen)");
                    tab.await("its details", "seen($('capstan-detail')) && text('.facts')");
                }
                tab.run("$$('details').forEach((each) => each.open = true)");
                found.addAll(Axe.judge(tab, page));
            }
            for (var key : List.of("?", "a")) {
                tab.type(key);
                tab.await("a dialog", "$('dialog')");
                found.addAll(Axe.judge(tab, key));
                tab.type(Keys.ESCAPE);
                tab.await("no dialog", "!$('dialog')");
            }
            tab.size(360, 740);
            tab.go("downloads/active");
            found.addAll(Axe.judge(tab, "narrow"));
        }
        assertThat(found).isEmpty();
    }

    /** Apart from axe, which tries a style of its own in each page. */
    @Test
    void noPageTriesWhatIsForbidden() {
        browser.problems();
        try (var tab = browser.open(host.page())) {
            for (var page : PAGES) {
                tab.go(page);
                tab.await("what is on it", "$('main h1')");
            }
        }
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void whoeverWantsLessMotionSeesNone() {
        try (var tab = browser.open(host.page())) {
            tab.click("$$('.row').find(seen)");
            tab.await("its details", "seen($('capstan-detail'))");
            tab.type("a");
            tab.await("a dialog", "$('dialog')");
            var moving =
                    "$$('*').filter((each) => ((style) => style.animationName != 'none'"
                            + " || style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0))"
                            + "(getComputedStyle(each))).length";
            assertThat(tab.number(moving)).isPositive();
            tab.prefers(Map.of("prefers-reduced-motion", "reduce"));
            assertThat(tab.number(moving)).isZero();
            assertThat(tab.number("root().getAnimations().length")).isZero();
        }
    }

    /** A test of the tests: what is plainly wrong is found. */
    @Test
    void axeFindsWhatIsWrong() {
        try (var tab = browser.open(host.page())) {
            tab.run(
                    """
                    $('main').append(Object.assign(document.createElement('img'), {src: 'icon.svg'}));
                    $('.tally').style.color = 'light-dark(#ddd, #444)';
                    """);
            assertThat(Axe.judge(tab, "a page"))
                    .anyMatch(each -> each.startsWith("light a page: image-alt"))
                    .anyMatch(each -> each.startsWith("light a page: color-contrast"))
                    .anyMatch(each -> each.startsWith("dark a page: color-contrast"));
        }
    }

    @Test
    void nothingForeignRunsInThePage() throws Exception {
        browser.problems();
        try (var tab = browser.open(host.page())) {
            tab.run(
                    """
                    for (const properties of [
                        {textContent: 'window.inline = true'},
                        {src: 'data:text/javascript,window.data = true'}]) {
                      document.body.append(Object.assign(document.createElement('script'), properties));
                    }
                    """);
            tab.run("fetch('http://127.0.0.1:1/').catch(() => {})");
            var refusals = new ArrayList<String>();
            Capstan.await(
                    "three refusals",
                    () -> {
                        refusals.addAll(browser.problems());
                        return refusals.size() >= 3;
                    });
            assertThat(refusals).allMatch(each -> each.contains("Content Security Policy"));
            assertThat(tab.say("window.inline ?? window.data")).isEqualTo("undefined");
        }
    }

    @Test
    void theTokenDoesNotStayInTheAddress() {
        try (var tab = browser.open(host.page())) {
            tab.await("the page", "text('.tally').includes('active')");
            assertThat(tab.say("location.href")).doesNotContain("token");
        }
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
}
