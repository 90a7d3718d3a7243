package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.spi.Claim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    private static final int ROWS = 20;

    /** What the third version changed, undone. */
    private static final String AS_IN_THE_SECOND =
            """
            DROP INDEX download_by_added;
            DROP INDEX download_by_name;
            DROP INDEX download_by_size;
            DROP INDEX download_by_state;
            DROP INDEX download_by_priority;
            DROP INDEX download_active;
            CREATE INDEX download_by_added ON download (state, created, id);
            CREATE INDEX download_by_name ON download (state, name_key, id);
            CREATE INDEX download_by_size ON download (state, size, id);
            CREATE INDEX download_by_state ON download (state, id);
            CREATE INDEX download_by_priority
                ON download (state, rank, position, created, id);
            PRAGMA user_version = 2;
            """;

    @TempDir Path folder;

    @Test
    void aDatabaseOfTheSecondVersionIsListedInAllOrdersAndGoesOn() throws Exception {
        var store = Samples.open(folder);
        store.add(IntStream.range(0, ROWS).mapToObj(Samples::queued).toList(), (s, w) -> s, null);
        store.claim(claim()).orElseThrow();
        store.close();
        try (var session = new Database(folder).open()) {
            session.script(AS_IN_THE_SECOND);
        }

        store = Samples.open(folder);

        try {
            for (var sort : DownloadQuery.Sort.values()) {
                var query =
                        new DownloadQuery(
                                Set.of(), null, null, null, null, sort, false, ROWS, null);
                assertThat(store.list(query).items()).as("%s", sort).hasSize(ROWS);
            }
            assertThat(store.claim(claim())).isPresent();
            assertThat(store.counts()).containsEntry(DownloadState.STARTING, 2L);
        } finally {
            store.close();
        }
    }

    private static Claim claim() {
        return new Claim("me", Duration.ofMinutes(1), Samples.START, Set.of());
    }
}
