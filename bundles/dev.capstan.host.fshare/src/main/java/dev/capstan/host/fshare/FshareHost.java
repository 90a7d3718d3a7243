package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.host.spi.ResolveContext.Purpose;
import java.util.Optional;

/**
 * Turns links to Fshare into direct links and listings. It keeps nothing of a download: the code is
 * taken from the link whenever it is needed (F2).
 *
 * <p>Safe for any thread.
 */
final class FshareHost implements HostResolver {
    private final Settings settings;
    private final FshareAccount account;
    private final Api api;

    FshareHost(Settings settings, FshareAccount account) {
        this.settings = settings;
        this.account = account;
        api = account.api();
    }

    @Override
    public Optional<String> recognise(String link) {
        return FshareLink.parse(link, settings.hosts()).map(FshareLink::canonical);
    }

    @Override
    public Resolution resolve(String link, ResolveContext context)
            throws DownloadException, InterruptedException {
        var canonical =
                FshareLink.parse(link, settings.hosts())
                        .orElseThrow(
                                () ->
                                        new DownloadException(
                                                ErrorClass.BLOCKED,
                                                "This is no link to a file or folder of Fshare."));
        var given = asGiven(canonical, context);
        try {
            if (given.kind() == FshareLink.Kind.FOLDER) {
                return Folder.open(given, settings, account, context);
            }
            return context.purpose() == Purpose.START
                    ? start(given, context)
                    : look(given, context);
        } catch (PostponedException e) {
            return new Resolution.Later(e.delay(), e.reason());
        }
    }

    /** Case does not count in what a code means, but the service gets the code it gave. */
    private FshareLink asGiven(FshareLink canonical, ResolveContext context) {
        return context.givenLink()
                .flatMap(link -> FshareLink.parse(link, settings.hosts()))
                .filter(given -> given.canonical().equals(canonical.canonical()))
                .orElse(canonical);
    }

    /** F4: what can be known without costing anything. */
    private Resolution look(FshareLink link, ResolveContext context)
            throws DownloadException, InterruptedException {
        var line = line(settings, context);
        return new Resolution.Found(described(RemoteFile.unlinked(link.key()), facts(line, link)));
    }

    /** F6: one direct link. */
    private Resolution start(FshareLink link, ResolveContext context)
            throws DownloadException, InterruptedException {
        var line = line(settings, context);
        account.requireVip(line);
        var facts = known(context);
        if (facts.name() == null || facts.size() == null) {
            facts = facts(line, link);
        }
        var direct =
                account.call(
                        line, session -> api.download(line, session, link, context.linkPassword()));
        account.works();
        var file =
                RemoteFile.of(link.key(), direct)
                        .expires(null)
                        .maxConnections(settings.maxConnections());
        return new Resolution.Found(described(file, facts));
    }

    /** F5: what was learned once is not asked for again. */
    private static FileFacts known(ResolveContext context) {
        var size = context.knownSize();
        return new FileFacts(
                context.knownName().orElse(null), size.isPresent() ? size.getAsLong() : null);
    }

    private FileFacts facts(Line line, FshareLink link)
            throws DownloadException, InterruptedException {
        try {
            return api.listing(line, link, 1).current();
        } catch (DownloadException e) {
            if (e.errorClass() == ErrorClass.NOT_FOUND || !account.isConfigured()) {
                throw e;
            }
            return account.call(line, session -> api.file(line, session, link));
        }
    }

    private static RemoteFile described(RemoteFile file, FileFacts facts) {
        var name = facts.name();
        var size = facts.size();
        if (name != null) {
            file.name(name);
        }
        return size == null ? file : file.size(size);
    }

    static Line line(Settings settings, ResolveContext context) {
        return new Line(() -> context.http(settings.policy()), context.deadline());
    }
}
