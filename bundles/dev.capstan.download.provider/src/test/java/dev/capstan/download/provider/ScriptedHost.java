package dev.capstan.download.provider;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A host for tests, of the scheme {@code acme}: {@code acme://NAME} is the file NAME at the
 * scripted engine, unless a test says otherwise for it.
 */
final class ScriptedHost implements HostResolver {

    /** What a test says. */
    @FunctionalInterface
    interface Answer {
        Resolution to(String link, ResolveContext context)
                throws DownloadException, InterruptedException;
    }

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** Sets the answer for a link. */
    ScriptedHost on(String link, Answer answer) {
        answers.put(link, answer);
        return this;
    }

    /** The links that were resolved, in order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    long calls(String link) {
        return calls.stream().filter(link::equals).count();
    }

    @Override
    public Optional<String> recognise(String link) {
        return link.startsWith("acme://") && !link.contains("foreign")
                ? Optional.of(link.replace("acme://www.", "acme://"))
                : Optional.empty();
    }

    @Override
    public Resolution resolve(String link, ResolveContext context)
            throws DownloadException, InterruptedException {
        calls.add(link);
        var answer = answers.get(link);
        return answer != null ? answer.to(link, context) : found(link);
    }

    /** The file behind a link. */
    static Resolution found(String link) {
        return new Resolution.Found(file(link));
    }

    static RemoteFile file(String link) {
        var name = link.substring("acme://".length());
        return RemoteFile.of(new SourceKey("acme", name), engineLink(name)).name(name);
    }

    static DirectLink engineLink(String name) {
        return DirectLink.of(URI.create("https://cdn.acme.example/" + name + "?token=canary"));
    }

    /** A listing that has all its entries on one page. */
    static Resolution listing(String name, String... links) {
        return new Resolution.Listing(
                name,
                cursor ->
                        new Resolution.Page(
                                List.of(links).stream().map(Resolution.Entry::of).toList(), null));
    }

    HostService service() {
        return service(Map.of());
    }

    HostService service(Map<String, ?> properties) {
        var all = new HashMap<String, Object>(properties);
        all.put(HostResolver.ID, "acme");
        all.put(HostResolver.SCHEMES, "acme");
        return new HostService(all, "org.acme", "1.0.0", () -> this);
    }
}
