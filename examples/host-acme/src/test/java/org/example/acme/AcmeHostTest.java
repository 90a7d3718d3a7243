package org.example.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.Resolution.Found;
import dev.capstan.host.spi.ResolveContext.Purpose;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.tck.host.HostResolverContract;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clauses of the contract, and what is this host's own. */
class AcmeHostTest extends HostResolverContract {
    private static final String INDEX =
            """
            <h1>Index of /folder/</h1>
            <a href="../">Up</a> <a href="?C=N">Name</a> <a href="http://evil.test/x">Elsewhere</a>
            <a href="a.bin">a.bin</a> <a href="/folder/b%20c.bin">b c.bin</a> <a href="sub/">sub</a>
            """;

    private final Body body = Body.random(1_000, 1);
    private final Origin service =
            Origin.plain()
                    .serve("/file.bin", Resource.of(body))
                    .serve("/folder/", exchange -> exchange.answer(200, INDEX))
                    .serve(
                            "/cycle/",
                            exchange ->
                                    exchange.answer(
                                            200,
                                            """
                                            <a href="./">.</a> <a href="/cycle/">itself</a>
                                            <a href="a">a</a> <a href="./a">again</a>
                                            """));
    private final AcmeHost host = new AcmeHost();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void aFileHasItsNameAndSize() throws Exception {
        var found = (Found) host.resolve(link(), call(Purpose.START));

        assertEquals("file.bin", found.file().name());
        assertEquals(1_000, found.file().size());
        assertEquals(service.uri("/file.bin"), found.file().links().get(0).uri());
    }

    @Test
    void namesOfHostsAreWrittenSmall() {
        assertEquals(Optional.of("acme://a.test/B"), host.recognise("acme://A.Test/x/../B"));
    }

    @Override
    protected HostResolver resolver() {
        return host;
    }

    @Override
    protected String link() {
        return at("/file.bin");
    }

    @Override
    protected List<String> foreignLinks() {
        return List.of(
                "https://acme.test/file.bin",
                "acme:file.bin",
                "acme:///file.bin",
                "acmes://acme.test/file.bin",
                "acme://user@acme.test/file.bin",
                "acme://acme.test/../file.bin",
                "acme://acme.test/file.bin?version=1");
    }

    @Override
    protected Set<String> domains() {
        return Set.of();
    }

    @Override
    protected void refuse(int status) {
        service.serve("/file.bin", exchange -> exchange.answer(status, ""));
    }

    @Override
    protected void hang() {
        service.serve("/file.bin", exchange -> exchange.stall());
    }

    @Override
    protected int requests() {
        return service.log().size();
    }

    @Override
    protected boolean linksExpire() {
        return false;
    }

    @Override
    protected Optional<Sample> listing() {
        return Optional.of(new Sample(at("/folder/"), 3));
    }

    @Override
    protected Optional<Sample> cyclicListing() {
        return Optional.of(new Sample(at("/cycle/"), 1));
    }

    private String at(String path) {
        URI uri = service.uri(path);
        return "acme://" + uri.getAuthority() + uri.getPath();
    }
}
