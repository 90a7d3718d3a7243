package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.text.Page;
import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import dev.capstan.download.Statistics.Totals;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Statistics, told. */
record Numbers(Statistics statistics) implements Shown {
    private static final int LABEL = 11;

    @Override
    public String render(int width, Style style) {
        var states = new StringJoiner(", ");
        for (var state : DownloadState.values()) {
            var count = statistics.counts().getOrDefault(state, 0L);
            if (count > 0) {
                states.add(count + " " + state.name().toLowerCase(Locale.ROOT));
            }
        }
        var page = new Page(style, LABEL);
        page.heading("Downloads");
        page.line("now", states.length() == 0 ? "none" : states.toString());
        page.line("speed", Units.speed(statistics.bytesPerSecond()));
        page.line("since start", totals(statistics.sinceStart()));
        page.line("all time", totals(statistics.allTime()));
        if (!statistics.hosts().isEmpty()) {
            page.heading("Hosts, all time");
            new TreeMap<>(statistics.hosts()).forEach((host, sum) -> page.line(host, totals(sum)));
        }
        return page.toString();
    }

    private static String totals(Totals totals) {
        if (totals.completed() + totals.failed() == 0) {
            return "nothing has ended";
        }
        return totals.completed()
                + " completed, "
                + totals.failed()
                + " failed ("
                + Units.percent(totals.successRate())
                + " succeeded), "
                + Units.bytes(totals.bytes());
    }
}
