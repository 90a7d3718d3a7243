package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Services;
import java.time.Duration;

/** {@code get}: downloads links and waits until they are here. */
public final class Get implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Downloads links and waits until they are here.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            "[options] LINK...\n"
                    + LinkOptions.TEXT
                    + Links.TEXT
                    + """
              -j, --max-concurrent-downloads N    at most N at a time
                  --retry N                       tries up to N times again, after growing waits; default 0
              -c, --continue                      changes nothing: what is there already is always used
                  --json                          prints one JSON line for each download that ended
              -q, --quiet                         shows no progress
            """;

    private static final String EXAMPLES =
            """
            capstan get https://example.org/file.iso
            capstan get -d out -s 8 https://example.org/a.iso https://example.org/b.iso
            capstan get -i links.txt -j 4
            capstan get https://example.org/file.iso | sha256sum -c
            """;

    private static final Definition DEFINITION =
            new Definition("get", SUMMARY, ARGUMENTS, EXAMPLES);

    static final Duration FIRST_BYTE = Duration.ofSeconds(15);

    private final Services services;
    private final Feed feed;

    /** Makes the verb of a host. */
    public Get(Services services, Feed feed) {
        this.services = services;
        this.feed = feed;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var atOnce = arguments.number("max-concurrent-downloads", 0, 1, Integer.MAX_VALUE);
        var retries = arguments.number("retry", 0, 0, 1000);
        var options = LinkOptions.waited(retries, FIRST_BYTE);
        var links = Links.of(call);
        var console = call.console();
        var progress =
                arguments.has("quiet")
                        ? new NoProgress()
                        : Progress.on(console.err(), console.errIsTerminal(), console);
        var report = new Report(console, progress, arguments.has("json"), call.folder());
        try (progress;
                var tracker = new Tracker(services, feed, true)) {
            services.awaitPlugins();
            var fetch = new Fetch(services, feed, tracker, report, links, options, call.folder());
            return Answer.exit(fetch.run(progress, atOnce, call));
        }
    }
}
