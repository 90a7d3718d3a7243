package org.example.acme;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * The host of acme links. The framework makes one and calls it from many threads, so it keeps
 * nothing of a single download.
 */
@Component(property = {HostResolver.ID + "=acme", HostResolver.SCHEMES + "=acme"})
public final class AcmeHost implements HostResolver {

    /** Called for every link a user gives: no network here, and no exception. */
    @Override
    public Optional<String> recognise(String link) {
        return AcmeLink.of(link).map(AcmeLink::canonical);
    }

    /** Called when somebody wants to know what is behind a link, or when its transfer begins. */
    @Override
    public Resolution resolve(String link, ResolveContext context)
            throws DownloadException, InterruptedException {
        var parsed =
                AcmeLink.of(link)
                        .orElseThrow(
                                () ->
                                        new DownloadException(
                                                ErrorClass.BLOCKED, "This is no acme link"));
        var server = new AcmeServer(parsed, context);
        // The pages of a listing are asked for later, and only as far as they are wanted.
        return parsed.isFolder()
                ? new Resolution.Listing(parsed.name(), cursor -> server.page())
                : new Resolution.Found(server.file());
    }
}
