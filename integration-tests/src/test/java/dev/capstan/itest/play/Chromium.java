package dev.capstan.itest.play;

import dev.capstan.itest.web.Browser;
import dev.capstan.itest.web.Tab;
import java.net.URI;
import java.nio.file.Path;

/** A real browser on a page of the stream's own origin, as a user interface would be. */
final class Chromium implements Player {
    private final Browser browser;
    private final Tab tab;

    Chromium(Path folder, String uri) {
        browser = new Browser(folder);
        tab = browser.open(URI.create(uri).resolve("/").toString());
        tab.run("window.tune = new Audio('%s'); tune.play()".formatted(uri));
    }

    @Override
    public double position() {
        return tab.number("tune.seeking || tune.readyState < 2 ? -1 : tune.currentTime");
    }

    @Override
    public void seek(double seconds) {
        tab.run("tune.currentTime = " + seconds);
    }

    /** A browser that does not run would not have said where it is. */
    @Override
    public boolean runs() {
        return true;
    }

    @Override
    public void close() {
        browser.close();
    }
}
