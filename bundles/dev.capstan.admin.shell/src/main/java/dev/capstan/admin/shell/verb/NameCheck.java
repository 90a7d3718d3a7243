package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.host.Services;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.health.HealthCheck;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the names that downloads lead to are resolved. Only names that somebody asked for are
 * looked up, so that nobody else is told of this host.
 *
 * @param names the names
 */
record NameCheck(Supplier<List<String>> names) implements HealthCheck {
    private static final int MOST = 5;
    private static final long PATIENCE_SECONDS = 5;

    /** Looks at the names of downloads that are to be fetched, or failed. */
    static NameCheck of(Services services) {
        var wanted = EnumSet.complementOf(EnumSet.of(DownloadState.COMPLETED));
        return new NameCheck(
                () -> {
                    var downloads = services.downloadsNow();
                    if (downloads == null) {
                        return List.of();
                    }
                    return downloads.list(DownloadQuery.ALL.withStates(wanted)).items().stream()
                            .map(download -> name(download.source().link()))
                            .filter(Objects::nonNull)
                            .distinct()
                            .limit(MOST)
                            .toList();
                });
    }

    @Override
    public List<Finding> check(boolean thorough) {
        var names = thorough ? this.names.get() : List.<String>of();
        if (names.isEmpty()) {
            return List.of(Finding.ok("No name needs to be looked up."));
        }
        var findings = new ArrayList<Finding>();
        for (var name : names) {
            findings.add(lookUp(name));
        }
        return findings;
    }

    /** The system's resolver cannot be interrupted, so it may block a thread of its own. */
    private static Finding lookUp(String name) {
        var answer = new FutureTask<>(() -> InetAddress.getAllByName(name).length);
        var thread = new Thread(answer, "capstan-doctor-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return Finding.ok(name + " is resolved.");
        } catch (ExecutionException e) {
            var known = e.getCause() instanceof UnknownHostException;
            return unresolved(name, known ? " is not resolved." : " cannot be looked up.");
        } catch (TimeoutException e) {
            return unresolved(name, " was not resolved in " + PATIENCE_SECONDS + " s.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unresolved(name, " was not looked up to the end.");
        }
    }

    private static Finding unresolved(String name, String what) {
        return Finding.warning(
                name + what,
                "Check the spelling of its links, and whether other programs here reach the"
                        + " internet.");
    }

    private static @Nullable String name(String link) {
        try {
            return URI.create(link).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
