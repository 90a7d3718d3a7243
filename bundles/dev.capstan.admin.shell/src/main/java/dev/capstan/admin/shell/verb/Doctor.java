package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.health.HealthCheck;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.health.HealthCheck.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code doctor}: asks every part how it is. */
public final class Doctor implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Checks what commonly breaks, and says what to do.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options]
                  --quick   leaves out what takes seconds
            """;

    private static final Definition DEFINITION =
            new Definition("doctor", SUMMARY, ARGUMENTS, "capstan doctor");

    private final Services services;

    Doctor(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        call.arguments().noOperands();
        var thorough = !call.arguments().has("quick");
        var checks = new LinkedHashMap<String, HealthCheck>();
        checks.put("bundles", new BundleCheck(services.framework(), services.featuresNow()));
        checks.put("data folder", new DataFolderCheck(services.data()));
        checks.put("names", NameCheck.of(services));
        checks.putAll(services.checks());
        var results = new ArrayList<Result>();
        for (var check : checks.entrySet()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            ask(check, thorough).forEach(f -> results.add(new Result(check.getKey(), f)));
        }
        var worst = Level.OK;
        for (var result : results) {
            var level = result.finding.level();
            worst = level.compareTo(worst) > 0 ? level : worst;
        }
        var exit = worst == Level.OK ? ExitCode.DONE : ExitCode.FAILED;
        return new Answer(exit, new Diagnosis(results));
    }

    /** What a check found. */
    record Result(String part, Finding finding) {
        Tint tint() {
            return switch (finding.level()) {
                case OK -> Tint.DONE;
                case WARNING -> Tint.WAITING;
                case FAILED -> Tint.FAILED;
            };
        }
    }

    private static List<Finding> ask(Map.Entry<String, HealthCheck> check, boolean thorough) {
        try {
            return check.getValue().check(thorough);
        } catch (RuntimeException e) {
            var sentence = "The check itself failed: " + CommandException.sentence(e);
            return List.of(Finding.failed(sentence, "Tell whoever wrote it."));
        }
    }
}
