package dev.capstan.host.fshare;

import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;

import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.ResolveContext.Purpose;
import dev.capstan.tck.host.HostResolverContract;
import dev.capstan.tck.host.ResolveCall;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

@DisplayName("R1–R10: Fshare")
class FshareHostContractTest extends HostResolverContract {
    private final Bench bench = new Bench();

    @BeforeEach
    void open() {
        var folder = bench.fake.mostOnPage(2).folder("F1");
        for (var i = 0; i < 5; i++) {
            folder.add(bench.fake.file("ENTRY" + i));
        }
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Override
    protected HostResolver resolver() {
        return bench.host;
    }

    @Override
    protected String link() {
        return Bench.FILE + "ABC123";
    }

    @Override
    protected List<String> foreignLinks() {
        return List.of("https://www.fshare.vn/", "https://www.fshare.vn/help/ABC123", "fshare:x");
    }

    @Override
    protected Set<String> domains() {
        return Set.of("fshare.vn", "www.fshare.vn");
    }

    @Override
    protected void refuse(int status) {
        bench.fake.fault(DOWNLOAD, Answer.empty(status));
    }

    @Override
    protected void hang() {
        bench.fake.fault(DOWNLOAD, Answer.silence());
    }

    @Override
    protected int requests() {
        return bench.fake.calls().size();
    }

    @Override
    protected int costlyRequests() {
        return bench.fake.calls(DOWNLOAD).size();
    }

    @Override
    protected boolean linksExpire() {
        return true;
    }

    @Override
    protected Optional<Sample> listing() {
        return Optional.of(new Sample(Bench.FOLDER + "F1", 5));
    }

    @Override
    protected Optional<Sample> cyclicListing() {
        var folder = bench.fake.folder("F2");
        folder.add(bench.fake.file("ABC123"), folder);
        return Optional.of(new Sample(Bench.FOLDER + "F2", 1));
    }

    @Override
    protected Set<String> secrets() {
        return Set.copyOf(bench.fake.secrets());
    }

    @Override
    protected InstantSource clock() {
        return bench.time;
    }

    /** Time passes as calls are spaced, so what many threads ask takes long. */
    @Override
    protected ResolveCall call(Purpose purpose) {
        return super.call(purpose).until(bench.time.instant().plus(Duration.ofHours(1)));
    }
}
