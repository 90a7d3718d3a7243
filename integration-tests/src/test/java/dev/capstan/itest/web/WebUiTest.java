package dev.capstan.itest.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.itest.play.SealedBundle;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * The page of the packaged host in a real browser, used by mouse and keys; whether something
 * happened is asked of the host itself.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebUiTest {
    private static final int SIZE = 4_000_000;
    private static final int PACE = 60_000;
    private static final int MANY = 10_000;
    private static final String PLUGIN = "sealed";

    @TempDir static Path root;
    private static WebHost host;
    private static Browser browser;
    private static Tab tab;
    private static final Origin origin = Origin.plain();
    private static final AtomicInteger files = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        Browser.needed();
        var starting = WebHost.starting(root.resolve("host"));
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
    }

    /** Whatever was done, nothing failed inside the page, and its policy forbade nothing. */
    @AfterEach
    void nothingWentWrongInside() throws Exception {
        assertThat(browser.problems()).isEmpty();
        var left = host.control.list();
        if (!left.isEmpty() && left.size() < MANY) {
            var words = Stream.concat(Stream.of("rm"), left.stream().map(Control.Row::id));
            host.control.done(words.toArray(String[]::new));
        }
        tab.run("$('dialog')?.close()");
        tab.go("downloads/active");
    }

    @Test
    void linksAreShownForWhatTheyAreBeforeTheyStart() throws Exception {
        var link = slow();
        tab.type("a");
        tab.await("the box for links", "$('dialog textarea')");
        tab.type(link + "\nnothing://at/all");

        tab.await("its name", "text('.preview').includes('" + name(link) + "')");
        tab.await("its size", "text('.preview').includes('4.00')");
        tab.await("what is wrong with the other", "$('.preview .wrong')");
        assertThat(host.state(link)).isEmpty();

        tab.press("Download 1");
        host.awaitState(link, "DOWNLOADING");
        tab.await("its row", "row('" + name(link) + "')");
        // The other stays, to be put right.
        tab.await("the one that was refused", "$('textarea').value == 'nothing://at/all'");
    }

    @Test
    void linksArePastedOrDroppedAnywhere() {
        var data =
                """
                ((data) => (data.setData('text', '%s'), data))(new DataTransfer())
                """;
        var pasted = data.formatted("https://example.org/pasted").strip();
        tab.evaluate(
                "document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: "
                        + pasted
                        + "}))");
        tab.await("the pasted link", "$('textarea').value == 'https://example.org/pasted'");
        tab.type(Keys.ESCAPE);
        tab.await("no box", "!$('dialog')");

        tab.evaluate(
                "document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: "
                        + data.formatted("just words").strip()
                        + "}))");
        var dropped = data.formatted("https://example.org/dropped").strip();
        assertThat(tab.is("$('dialog')")).isFalse();
        tab.evaluate(
                "document.querySelector('capstan-app').dispatchEvent(new DragEvent('drop', {dataTransfer: "
                        + dropped
                        + "}))");
        tab.await("the dropped link", "$('textarea').value == 'https://example.org/dropped'");
    }

    @Test
    void aDownloadMovesWhileOneLooks() throws Exception {
        var link = add(slow(4 * PACE));
        var fill = "row('%s').querySelector('.fill')".formatted(name(link));
        // A bar that is not drawn yet is not transformed, as one that is full.
        var drawn = "getComputedStyle(%s).transform".formatted(fill);
        var share = "(%s == 'none' ? 0 : new DOMMatrix(%s).a)".formatted(drawn, drawn);
        tab.await("a bar", share + " > 0.01");
        var before = tab.number(share);
        tab.await("it grows", share + " > " + (before + 0.03));
        tab.await("a speed", "row('%s').textContent.includes('kB/s')".formatted(name(link)));
        tab.await("the speed of all", "text('.pace').includes('kB/s')");
    }

    @Test
    void itIsPausedResumedCancelledTriedAgainAndRemovedByButtons() throws Exception {
        var link = add(slow());
        var row = "row('" + name(link) + "')";
        tab.show(link);
        tab.press("Pause");
        host.awaitState(link, "PAUSED");
        tab.await("it leaves the tab", "!" + row);

        tab.go("downloads/waiting");
        tab.show(link);
        tab.press("Resume");
        host.awaitState(link, "DOWNLOADING");

        tab.go("downloads/active");
        tab.show(link);
        tab.await("its map", "seen($('.map'))");
        tab.press("Cancel");
        host.awaitState(link, "CANCELLED");

        tab.go("downloads/failed");
        tab.show(link);
        tab.press("Try again");
        host.awaitState(link, "DOWNLOADING");

        tab.go("downloads/active");
        tab.show(link);
        tab.press("Remove");
        tab.click("$('dialog .primary')");
        Capstan.await("it is gone", () -> host.state(link).isEmpty());
        tab.await("its row goes", "!" + row);
    }

    @Test
    void aFailureIsToldAsAStory() throws Exception {
        var link = add(origin.uri("/none-" + files.incrementAndGet() + ".bin").toString());
        host.awaitState(link, "FAILED");
        tab.go("downloads/failed");
        tab.click(
                "$$('.row').find((row) => seen(row) && row.title.endsWith('" + name(link) + "'))");
        tab.await("what happened", "text('.story').includes('404')");
        tab.await("what can be done", "seen($('.advice'))");
    }

    @Test
    void everythingOfAListIsDoneByKeysAlone() throws Exception {
        var links = List.of(add(slow()), add(slow()), add(slow()));
        for (var link : links) {
            tab.await("its row", "row('" + name(link) + "')");
        }
        tab.type("j");
        tab.await("a first row", "$('.row.current')");
        tab.await(
                "it is seen where one is",
                "getComputedStyle($('.row.current')).boxShadow != 'none'");
        tab.type("j");
        tab.type(" ");
        tab.type(" ");
        tab.type("p");
        Capstan.await("one is paused", () -> paused(links) == 1);
        tab.type("2");
        tab.await("the second page", "$('[data-page=batches]')");
        tab.type("1");
        tab.await("the list", "row('" + name(links.get(2)) + "')");
        tab.type("/");
        tab.type(name(links.get(2)));
        tab.await("the filter", "$$('.row').filter(seen).length == 1");
        tab.type(Keys.ESCAPE);
        tab.await("no filter", "$$('.row').filter(seen).length == 2");
        tab.type("j");
        tab.type(Keys.DELETE);
        tab.await("a question", "$('dialog .primary')");
        tab.type(Keys.ESCAPE);
        tab.await("no question", "!$('dialog')");
        tab.type("?");
        tab.await("the keys", "text('dialog').includes('Try again')");
        tab.type(Keys.ESCAPE);
        tab.type(Keys.TAB);
        tab.await("a focus that is seen", "getComputedStyle(root().activeElement).outlineStyle");
    }

    /** The last one, since what it adds stays. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aListOfTenThousandIsFilteredAndScrolled() throws Exception {
        for (var from = 0; from < MANY; from += 1000) {
            host.addPaused(
                    IntStream.range(from, from + 1000)
                            .mapToObj(i -> origin.uri("/many/%05d.bin".formatted(i)).toString())
                            .toList());
        }
        tab.go("downloads/waiting");
        tab.await("the count", "text('#tab-waiting').includes('10,000')");
        var last =
                "($('capstan-rows').scrollTop = 1e9, $$('.row').some((row) => seen(row) && row.title.endsWith('09999.bin')))";
        tab.await("the last row", last);
        assertThat(tab.number("$$('.row').length")).isLessThan(80);

        tab.click("$('.filter')");
        tab.type("/many/04321");
        tab.await(
                "the one",
                "$$('.row').filter((row) => seen(row) && row.title.endsWith('04321.bin')).length == 1 && $$('.row').filter(seen).length == 1");
        tab.type(Keys.ESCAPE);
    }

    @Test
    void twoBrowsersAreInStep() throws Exception {
        var link = add(slow());
        // By another name the host is another site, of which this browser knows nothing yet.
        try (var other = browser.open(host.page().replace("127.0.0.1", "localhost"))) {
            other.show(link);
            tab.await("its row", "row('" + name(link) + "')");
            other.press("Pause");
            host.awaitState(link, "PAUSED");
            tab.await("it leaves here too", "!row('" + name(link) + "')");
        }
    }

    @Test
    void aLostConnectionIsShownAndFoundAgain() throws Exception {
        var link = add(slow());
        tab.await("its row", "row('" + name(link) + "')");
        host.control.done("features", "stop", "dev.capstan.admin.rest");
        tab.await("it says so", "$('.app.lost') && text('.link').includes('No connection')");
        host.control.done("pause", link);
        host.control.done("features", "start", "dev.capstan.admin.rest");
        tab.await("it is back", "!$('.app.lost')");
        tab.await("what was missed", "!row('" + name(link) + "')");
    }

    @Test
    void aPluginThatIsDroppedInIsSeenWithoutLoadingAgain() throws Exception {
        tab.go("hosts");
        tab.await("the hosts", "text('[data-page=hosts]').includes('fshare')");
        assertThat(tab.say("text('[data-page=hosts]')")).doesNotContain(PLUGIN);
        tab.evaluate("window.same = true");
        var jar = host.capstan.data().resolve("bundles/sealed.jar");
        Files.createDirectories(jar.getParent());
        SealedBundle.write(jar);
        tab.await("its card", "text('[data-page=hosts]').includes('" + PLUGIN + "')");
        Files.delete(jar);
        tab.await(
                "it goes",
                "!text('[data-page=hosts]').includes('"
                        + PLUGIN
                        + "') || text('[data-page=hosts]').includes('plug-in is gone')");
        assertThat(tab.say("window.same")).isEqualTo("true");
    }

    @Test
    void soundPlaysInPlace() throws Exception {
        origin.serve("/tone.wav", Resource.of(Body.of(Tone.wav(20))).pace(800_000));
        add(origin.uri("/tone.wav").toString());
        tab.show(origin.uri("/tone.wav").toString());
        tab.press("Play");
        tab.await("sound", "$('audio')?.currentTime > 0.5");
        host.awaitState("/tone.wav", "COMPLETED");
        // The row is in another tab now, and whoever listens does not notice.
        tab.await("it leaves the tab", "!row('tone.wav')");
        var position = tab.number("$('audio').currentTime");
        tab.await("it plays on", "$('audio').currentTime > " + (position + 0.5));
    }

    @Test
    void whatTouchesOthersIsSaidBeforeItIsDone() throws Exception {
        tab.go("plugins");
        tab.click("$('details[data-key=hosts] summary')");
        tab.press("Stop dev.capstan.host.fshare");
        tab.await("whom it touches", "text('dialog').includes('fshare')");
        tab.click("$('dialog .primary')");
        tab.await("it is stopped", "named('Start dev.capstan.host.fshare')");
        tab.press("Start dev.capstan.host.fshare");
        tab.await("it runs", "named('Stop dev.capstan.host.fshare')");
    }

    /** As fingers do it, which have no keys beside them: details would hide the list. */
    @Test
    void severalArePickedByTheirSigns() throws Exception {
        var links = List.of(add(slow()), add(slow()));
        for (var link : links) {
            var row = "row('" + name(link) + "')";
            tab.await("its row", row);
            tab.click(row + ".querySelector('.tick')");
            tab.await("no details", "seen($('.chosen')) && !seen($('capstan-detail'))");
        }

        tab.press("Pause 2");

        for (var link : links) {
            host.awaitState(link, "PAUSED");
        }
    }

    private static long paused(List<String> links) {
        return links.stream().filter(link -> host.state(link).equals("PAUSED")).count();
    }

    /** A link to something that takes a minute. */
    private static String slow() {
        return slow(PACE);
    }

    private static String slow(int bytesPerSecond) {
        var path = "/slow-" + files.incrementAndGet() + ".bin";
        origin.serve(path, Resource.of(Body.random(SIZE, files.get())).pace(bytesPerSecond));
        return origin.uri(path).toString();
    }

    private static String add(String link) throws Exception {
        host.control.add("-x", "1", link);
        return link;
    }

    private static String name(String link) {
        return link.replaceAll(".*/", "");
    }
}
