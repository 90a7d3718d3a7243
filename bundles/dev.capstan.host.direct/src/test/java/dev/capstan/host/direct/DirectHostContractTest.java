package dev.capstan.host.direct;

import dev.capstan.host.spi.HostResolver;
import dev.capstan.tck.Origin;
import dev.capstan.tck.host.HostResolverContract;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

/** By Metalink documents: for a plain link the host asks nobody. */
@DisplayName("R1–R10: direct host")
class DirectHostContractTest extends HostResolverContract {
    private final Origin origin =
            Origin.plain()
                    .serve("/one.meta4", exchange -> exchange.answer(200, document("a")))
                    .serve("/two.meta4", exchange -> exchange.answer(200, document("a", "b")));
    private final DirectHost host = new DirectHost();

    @AfterEach
    void close() {
        origin.close();
    }

    private static String document(String... names) {
        var text = new StringBuilder("<metalink xmlns='urn:ietf:params:xml:ns:metalink'>");
        for (var name : names) {
            text.append(
                    "<file name='%1$s'><url>https://files.test/%1$s</url></file>".formatted(name));
        }
        return text.append("</metalink>").toString();
    }

    @Override
    protected HostResolver resolver() {
        return host;
    }

    @Override
    protected String link() {
        return origin.uri("/one.meta4").toString();
    }

    @Override
    protected List<String> foreignLinks() {
        return List.of(
                "ftp://files.test/a", "magnet:?xt=urn:btih:0", "files.test/a", "httpx://a/b");
    }

    @Override
    protected Set<String> domains() {
        return Set.of();
    }

    @Override
    protected void refuse(int status) {
        origin.serve("/one.meta4", exchange -> exchange.answer(status, ""));
    }

    @Override
    protected void hang() {
        origin.serve("/one.meta4", exchange -> exchange.stall());
    }

    @Override
    protected int requests() {
        return origin.log().size();
    }

    @Override
    protected boolean linksExpire() {
        return false;
    }

    @Override
    protected Optional<Sample> listing() {
        return Optional.of(new Sample(origin.uri("/two.meta4").toString(), 2));
    }
}
