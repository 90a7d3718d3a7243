package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.provider.LocalState.Claims;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One registered resolver: what its service properties say, and guarded calls of it whose answers
 * were looked at before they are believed.
 */
final class HostService implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Duration RECOGNISE_LIMIT = Duration.ofSeconds(5);

    private final String id;
    private final Claims claims;
    private final int maxConcurrent;
    private final int ranking;
    private final Supplier<@Nullable HostResolver> resolver;
    private final HostCalls calls;

    /**
     * Takes a service.
     *
     * @param properties its service properties
     * @param resolver gives the service object; called on a plug-in's thread only
     * @throws IllegalArgumentException if the properties are not those of a host
     */
    HostService(
            Map<String, ?> properties,
            String bundle,
            String version,
            Supplier<@Nullable HostResolver> resolver) {
        if (!(properties.get(HostResolver.ID) instanceof String text)
                || !ID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "Bundle "
                            + bundle
                            + " registers a host without a valid "
                            + HostResolver.ID
                            + " (lower-case letters, digits, hyphens)");
        }
        id = text;
        claims =
                new Claims(
                        bundle,
                        version,
                        Set.copyOf(lower(properties.get(HostResolver.SCHEMES))),
                        List.copyOf(lower(properties.get(HostResolver.DOMAINS))));
        maxConcurrent =
                properties.get(HostResolver.MAX_CONCURRENT) instanceof Number most
                                && most.intValue() > 0
                        ? most.intValue()
                        : Integer.MAX_VALUE;
        ranking = properties.get("service.ranking") instanceof Integer rank ? rank : 0;
        this.resolver = resolver;
        calls = new HostCalls(id, bundle);
    }

    /** The same calls under changed service properties. */
    private HostService(HostService from, HostService said) {
        id = from.id;
        claims = said.claims;
        maxConcurrent = said.maxConcurrent;
        ranking = said.ranking;
        resolver = from.resolver;
        calls = from.calls;
    }

    HostService with(HostService said) {
        return new HostService(this, said);
    }

    String id() {
        return id;
    }

    Claims claims() {
        return claims;
    }

    int maxConcurrent() {
        return maxConcurrent;
    }

    int ranking() {
        return ranking;
    }

    int abandonedCalls() {
        return calls.abandoned();
    }

    boolean isIdle() {
        return calls.areNone();
    }

    /** R1: the canonical forms of links, empty for those that are not its own. */
    List<Optional<String>> recognise(List<String> links)
            throws DownloadException, InterruptedException, Stopped {
        return calls.call(
                () -> {
                    var answers = new ArrayList<Optional<String>>(links.size());
                    for (var link : links) {
                        answers.add(recognised(link));
                    }
                    return answers;
                },
                RECOGNISE_LIMIT);
    }

    /**
     * What is behind a link as it was given.
     *
     * @param canonical the link as the host names it today: it may have been away when it was added
     */
    record Resolved(String canonical, Resolution resolution) {}

    /** Recognises and resolves in one call: each hands its work to another thread and back. */
    Resolved resolveGiven(String link, ResolveContext context, Duration limit)
            throws DownloadException, InterruptedException, Stopped {
        return calls.call(
                () -> {
                    var canonical = recognised(link).orElseThrow(this::notTaken);
                    var answer = service().resolve(canonical, context);
                    return new Resolved(canonical, checked(answer, context.purpose()));
                },
                limit);
    }

    Resolution resolve(String link, ResolveContext context, Duration limit)
            throws DownloadException, InterruptedException, Stopped {
        return calls.call(
                () -> checked(service().resolve(link, context), context.purpose()), limit);
    }

    private DownloadException notTaken() {
        return new DownloadException(
                ErrorClass.HOST, "Host " + id + " does not take this link any more.");
    }

    Resolution.Page page(Resolution.Pages pages, @Nullable String cursor, Duration limit)
            throws DownloadException, InterruptedException, Stopped {
        return calls.call(
                () -> {
                    var page = pages.page(cursor);
                    for (var entry : page.entries()) {
                        if (isMissing(entry.link()) || isMissing(entry.metadata())) {
                            throw rubbish("an entry without a link");
                        }
                    }
                    return page;
                },
                limit);
    }

    @Override
    public void close() {
        calls.close();
    }

    private Optional<String> recognised(String link) throws DownloadException {
        var canonical = service().recognise(link);
        return isMissing(canonical)
                ? Optional.empty()
                : canonical.filter(text -> text.chars().noneMatch(Character::isISOControl));
    }

    private HostResolver service() throws DownloadException {
        var service = resolver.get();
        if (service == null) {
            throw new DownloadException(ErrorClass.HOST, "Host " + id + " could not be started.");
        }
        return service;
    }

    /** Looks at an answer while whatever it throws still counts as the plug-in's fault. */
    private Resolution checked(Resolution answer, ResolveContext.Purpose purpose)
            throws DownloadException {
        if (answer instanceof Resolution.Found found) {
            check(found.file());
            if (purpose == ResolveContext.Purpose.START && found.file().links().isEmpty()) {
                throw rubbish("a file without a direct link");
            }
        } else if (answer instanceof Resolution.Listing listing
                && (isMissing(listing.name()) || isMissing(listing.pages()))) {
            throw rubbish("a listing without a name or pages");
        } else if (answer instanceof Resolution.Later later && isMissing(later.delay())) {
            throw rubbish("\"later\" without a time");
        }
        return answer;
    }

    private void check(RemoteFile file) throws DownloadException {
        if (isMissing(file)) {
            throw rubbish("no file");
        }
        if (!file.key().host().equals(id)) {
            // Else one plug-in could name, and so replace, what another one fetched.
            throw rubbish("the source key of another host");
        }
        for (var link : file.links()) {
            if (isMissing(link.uri()) || link.uri().getScheme() == null) {
                throw rubbish("a direct link without a scheme");
            }
        }
        var size = file.size();
        if (size != null && size < 0) {
            throw rubbish("a negative size");
        }
    }

    /** A plug-in is not bound by what its contract says of nulls. */
    private static boolean isMissing(@Nullable Object value) {
        return value == null;
    }

    private DownloadException rubbish(String what) {
        return new DownloadException(ErrorClass.HOST, "Host " + id + " answered " + what + ".");
    }

    private static Set<String> lower(@Nullable Object property) {
        var values = new LinkedHashSet<String>();
        if (property instanceof String one) {
            values.add(one);
        } else if (property instanceof String[] many) {
            values.addAll(List.of(many));
        } else if (property instanceof Collection<?> many) {
            many.forEach(value -> values.add(String.valueOf(value)));
        }
        var lower = new LinkedHashSet<String>();
        for (var value : values) {
            var name = value.strip().toLowerCase(Locale.ROOT);
            lower.add(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
        }
        lower.remove("");
        return lower;
    }
}
