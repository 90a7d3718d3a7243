package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.get.Links;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.feature.FeatureException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;

/** {@code install}: installs or updates a bundle or a feature. */
public final class Install implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Installs or updates a bundle or a feature and starts it.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            FILE|URL...

            A plug-in runs with all rights of the host: install what you trust.
            """;

    private static final Definition DEFINITION =
            new Definition("install", SUMMARY, ARGUMENTS, "capstan install my.host-1.0.0.jar");

    private final Services services;

    Install(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException {
        var features = services.features();
        var installed = new ArrayList<String>();
        var exit = ExitCode.DONE;
        for (var word : call.arguments().someOperands("a file or a URL")) {
            try {
                installed.addAll(features.install(location(word, call.folder())));
            } catch (FeatureException e) {
                var shown = Links.withoutUser(word);
                call.complain(shown + ": " + CommandException.sentence(e));
                exit = ExitCode.FAILED;
            }
        }
        return installed.isEmpty()
                ? Answer.exit(exit)
                : new Answer(exit, "Installed " + String.join(", ", installed) + ".");
    }

    /** What has a scheme is a URL; everything else is a file. */
    private static URI location(String word, Path current) throws CommandException {
        try {
            return word.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")
                    ? new URI(word)
                    : current.resolve(word).normalize().toUri();
        } catch (URISyntaxException | InvalidPathException e) {
            throw CommandException.usage(
                    "\"" + Text.clean(word) + "\" is neither a file nor a URL.");
        }
    }
}
