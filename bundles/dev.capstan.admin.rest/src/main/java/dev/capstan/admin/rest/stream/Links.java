package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.WebConfig;
import dev.capstan.admin.rest.http.ServerAddress;
import dev.capstan.content.ContentLink;
import dev.capstan.content.ContentLinks;
import dev.capstan.record.EtchedRecord;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;

/** Makes links and reads them. Immutable, safe for any number of threads. */
@Component(
        service = {ContentLinks.class, Links.class},
        configurationPid = WebConfig.PID)
public final class Links implements ContentLinks {
    static final String PATH = "/stream/";

    private final LinkKeys keys = new LinkKeys();
    private final URI base;
    private final Duration life;
    private final Clock clock;

    /** Takes where the server is; without one there are no links. */
    @Activate
    public Links(
            WebConfig config,
            @Reference(
                            service = HttpServiceRuntime.class,
                            target = "(" + ServerAddress.PROPERTY + "=*)")
                    Map<String, Object> server) {
        this(
                ServerAddress.of(server).orElseThrow(),
                Duration.ofMinutes(config.linkMinutes()),
                Clock.systemUTC());
    }

    Links(URI base, Duration life, Clock clock) {
        this.base = base;
        this.life = life;
        this.clock = clock;
    }

    @Override
    public ContentLink ofDownload(String id) {
        return link(id, -1);
    }

    @Override
    public ContentLink ofTrack(String record, int track) {
        if (track < 0) {
            throw new IllegalArgumentException("A track's index is 0 or more");
        }
        return link(record, track);
    }

    @Override
    public String playlist(List<EtchedRecord> records) {
        return Playlist.of(records, this);
    }

    private ContentLink link(String id, int track) {
        var expires = clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS);
        var key = keys.key(new Target(id, track, expires));
        return new ContentLink(base.resolve(PATH + key), expires);
    }

    /** What a key leads to; empty where it is none of ours, or expired. */
    Optional<Target> target(String key) {
        return keys.target(key).filter(target -> clock.instant().isBefore(target.expires()));
    }
}
