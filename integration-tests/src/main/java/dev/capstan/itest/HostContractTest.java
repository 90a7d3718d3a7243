package dev.capstan.itest;

import dev.capstan.host.spi.HostResolver;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.tck.Origin;
import dev.capstan.tck.host.HostResolverContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.osgi.test.common.annotation.InjectService;

/** The contract's suite inside a framework: the host and its client are services. */
@DisplayName("H5: R1–R10 in a framework")
class HostContractTest extends HostResolverContract {
    private static final String DOCUMENT =
            "<metalink xmlns='urn:ietf:params:xml:ns:metalink'><file name='a'>"
                    + "<url>https://files.test/a</url></file></metalink>";

    private final Origin origin =
            Origin.plain().serve("/a.meta4", exchange -> exchange.answer(200, DOCUMENT));

    @InjectService(filter = "(" + HostResolver.ID + "=direct)")
    HostResolver host;

    @InjectService OutboundHttp outbound;

    @AfterEach
    void close() {
        origin.close();
    }

    @Override
    protected HostResolver resolver() {
        return host;
    }

    @Override
    protected OutboundHttp http() {
        return outbound;
    }

    @Override
    protected String link() {
        return origin.uri("/a.meta4").toString();
    }

    @Override
    protected List<String> foreignLinks() {
        return List.of("ftp://files.test/a", "magnet:?xt=urn:btih:0");
    }

    @Override
    protected Set<String> domains() {
        return Set.of();
    }

    @Override
    protected void refuse(int status) {
        origin.serve("/a.meta4", exchange -> exchange.answer(status, ""));
    }

    @Override
    protected void hang() {
        origin.serve("/a.meta4", exchange -> exchange.stall());
    }

    @Override
    protected int requests() {
        return origin.log().size();
    }

    @Override
    protected boolean linksExpire() {
        return false;
    }
}
