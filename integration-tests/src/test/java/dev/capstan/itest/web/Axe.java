package dev.capstan.itest.web;

import com.deque.html.axecore.playwright.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    /**
     * What is wrong with what a tab shows, in both schemes.
     *
     * @param where what to call it
     */
    static List<String> judge(Tab tab, String where) {
        if (tab.is("!window.axe")) {
            tab.run(SCRIPT);
        }
        var found = new ArrayList<String>();
        // In the other scheme nothing but colours is another.
        for (var scheme : List.of("light", "dark")) {
            var rules = scheme.equals("light") ? "undefined" : "['color-contrast']";
            // What still comes in would be faint for a moment.
            tab.prefers(Map.of("prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce"));
            var violations =
                    (List<?>)
                            tab.evaluate(
                                    """
                                    axe.run(document, {resultTypes: ['violations'], runOnly: %s})
                                        .then(({violations}) => violations.map((each) => each.id + ' '
                                            + each.nodes.map(({html, any}) => html + ' ' + any[0]?.message)))
                                    """
                                            .formatted(rules));
            for (var violation : violations) {
                found.add(scheme + " " + where + ": " + violation);
            }
        }
        return found;
    }
}
