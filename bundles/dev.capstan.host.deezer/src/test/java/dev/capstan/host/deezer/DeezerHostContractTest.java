package dev.capstan.host.deezer;

import dev.capstan.host.deezer.fake.Answer;
import dev.capstan.host.deezer.fake.Endpoint;
import dev.capstan.host.deezer.fake.FakeDeezer;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.tck.host.HostResolverContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

@DisplayName("R1–R10: Deezer")
class DeezerHostContractTest extends HostResolverContract {
    private final FakeDeezer fake = FakeDeezer.start();
    private final DeezerHost host =
            new DeezerHost(
                    Settings.of(
                            DeezerConfig.class,
                            Map.of(
                                    "apiUrl",
                                    fake.apiUrl().toString(),
                                    "previewHosts",
                                    new String[] {fake.deliveryUrl().getHost()},
                                    "callsPer5s",
                                    50)));

    @BeforeEach
    void fill() {
        fake.track(5);
        fake.album(9).add(fake.tracks(1000, 250));
    }

    @AfterEach
    void close() {
        fake.close();
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
        fake.fault(Endpoint.TRACK, Answer.html(status, "Refused"));
    }

    @Override
    protected void hang() {
        fake.fault(Endpoint.TRACK, Answer.silence());
    }

    @Override
    protected int requests() {
        return fake.calls().size();
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
