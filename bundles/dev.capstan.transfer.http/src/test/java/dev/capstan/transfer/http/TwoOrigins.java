package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult.End;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file at two addresses, each as fast as the other. */
abstract class TwoOrigins {
    static final Body BODY = Body.random(12_000_000, 1);
    static final int SPEED = 3_000_000;
    static final long PROBE = 64 << 10;

    @TempDir Path folder;

    final Origin first = Origin.plain();
    final Origin second = Origin.plain();
    Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder).connections(4);
        first.serve("/f", file(BODY, "\"one\""));
        second.serve("/f", file(BODY, "\"two\""));
    }

    @AfterEach
    void close() {
        rig.close();
        first.close();
        second.close();
    }

    static Resource file(Body body, String etag) {
        return Resource.of(body).etag(etag).pace(SPEED);
    }

    void fetchWhole() throws Exception {
        assertThat(rig.fetch(first.uri("/f"), second.uri("/f")).end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    static String duplicate(URI uri) {
        return "<" + uri + ">; rel=duplicate; pri=1";
    }
}
