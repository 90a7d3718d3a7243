package dev.capstan.itest.web;

import com.deque.html.axecore.playwright.AxeBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What axe says of a page. */
final class Axe {
    private static final String SCRIPT = script();

    private Axe() {}

    private static String script() {
        try (var script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds what is wrong with what a tab shows. */
    static void judge(Tab tab, String scheme, String where, List<String> found) {
        tab.prefers(scheme);
        if (tab.say("typeof axe").equals("undefined")) {
            tab.evaluate(SCRIPT + "; 0");
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
