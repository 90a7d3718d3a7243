package dev.capstan.host.deezer;

import dev.capstan.host.spi.HostResolver;
import dev.capstan.tck.host.HostResolverContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

@DisplayName("R1–R10: Deezer")
class DeezerHostContractTest extends HostResolverContract {
    private static final String TRACK = "/track/5";
    private static final String PREVIEW = ",\"preview\":\"https://x.dzcdn.net/5.mp3\"";

    private final PublicService service =
            new PublicService()
                    .answer(TRACK, PublicService.track(5, 1, 1, PREVIEW))
                    .list(
                            "/album/9",
                            "{\"id\":9,\"title\":\"Songs\",\"artist\":{\"name\":\"Singer\"}}",
                            PublicService.tracks(1, 250, 1));
    private final DeezerHost host =
            new DeezerHost(
                    Settings.of(
                            DeezerConfig.class,
                            Map.of("apiUrl", service.uri().toString(), "callsPer5s", 50)));

    @AfterEach
    void close() {
        service.close();
    }

    @Override
    protected HostResolver resolver() {
        return host;
    }

    @Override
    protected String link() {
        return "https://www.deezer.com/track/5";
    }

    @Override
    protected List<String> foreignLinks() {
        return List.of(
                "https://www.deezer.com/artist/5",
                "https://evildeezer.com/track/5",
                "https://www.deezer.com.evil.test/track/5",
                "https://link.deezer.com/s/5",
                "track_05",
                "artist_5");
    }

    @Override
    protected Set<String> domains() {
        return Set.of("www.deezer.com", "deezer.com");
    }

    @Override
    protected void refuse(int status) {
        service.serve(TRACK, exchange -> exchange.answer(status, ""));
    }

    @Override
    protected void hang() {
        service.serve(TRACK, exchange -> exchange.stall());
    }

    @Override
    protected int requests() {
        return service.log().size();
    }

    @Override
    protected boolean linksExpire() {
        return true;
    }

    @Override
    protected Optional<Sample> listing() {
        return Optional.of(new Sample("https://www.deezer.com/album/9", 250));
    }
}
