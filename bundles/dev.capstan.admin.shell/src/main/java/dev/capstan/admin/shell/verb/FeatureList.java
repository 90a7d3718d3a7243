package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureInfo;
import dev.capstan.feature.Features;
import java.util.List;
import java.util.Locale;

/** {@code features}: what is installed, and what may be done to it. */
public final class FeatureList implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Lists features and bundles; starts, stops, updates them.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [start | stop | update | remove NAME...]

            A NAME is that of a feature or the symbolic name or number of a bundle.

              -b, --bundles   lists bundles, with what is missing
            """;

    private static final String EXAMPLES =
            """
            capstan features
            capstan features --bundles
            capstan features update dev.capstan.host.direct
            """;

    private static final Definition DEFINITION =
            new Definition("features", SUMMARY, ARGUMENTS, EXAMPLES);

    static final List<String> ACTIONS = List.of("start", "stop", "update", "remove");

    private final Services services;

    FeatureList(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException {
        var words = call.arguments().operands();
        var features = services.features();
        if (words.isEmpty()) {
            return Answer.of(
                    call.arguments().has("bundles")
                            ? bundles(features.bundles())
                            : features(features.features()));
        }
        var action = words.get(0);
        if (!ACTIONS.contains(action)) {
            throw CommandException.usage(
                    "features cannot \"" + action + "\"" + Nearest.hint(action, ACTIONS));
        }
        if (words.size() == 1) {
            throw CommandException.usage("features " + action + " needs a name.");
        }
        var exit = ExitCode.DONE;
        for (var name : words.subList(1, words.size())) {
            try {
                act(features, action, name);
            } catch (FeatureException e) {
                call.complain(name + ": " + CommandException.sentence(e));
                exit = ExitCode.FAILED;
            }
        }
        return Answer.exit(exit);
    }

    private static void act(Features features, String action, String name) throws FeatureException {
        switch (action) {
            case "start" -> features.start(name);
            case "stop" -> features.stop(name);
            case "update" -> features.update(name);
            default -> features.remove(name);
        }
    }

    private static Listing<FeatureInfo> features(List<FeatureInfo> features) {
        return new Listing<>(
                features,
                List.of(
                        Column.left("FEATURE", FeatureInfo::name),
                        Column.left("VERSION", FeatureInfo::version),
                        Column.<FeatureInfo>left(
                                        "STATE", f -> f.active() ? "started" : "not started")
                                .tinted(f -> f.active() ? Tint.DONE : Tint.QUIET),
                        Column.left("ORIGIN", f -> f.builtIn() ? "built in" : "installed"),
                        Column.right("BUNDLES", f -> Integer.toString(f.bundles().size())),
                        Column.cut("WHAT IT IS", FeatureInfo::description)),
                features.isEmpty() ? "There are no features." : "");
    }

    private static Listing<BundleInfo> bundles(List<BundleInfo> bundles) {
        return new Listing<>(
                bundles,
                List.of(
                        Column.right("NUMBER", bundle -> Long.toString(bundle.id())),
                        Column.<BundleInfo>left("STATE", b -> b.state().toLowerCase(Locale.ROOT))
                                .tinted(b -> b.problem() == null ? Tint.NONE : Tint.FAILED),
                        Column.cut("BUNDLE", BundleInfo::symbolicName),
                        Column.left("VERSION", BundleInfo::version),
                        Column.left("FROM", BundleInfo::origin),
                        Column.cut("MISSING", b -> b.problem() == null ? "" : b.problem())),
                "");
    }
}
