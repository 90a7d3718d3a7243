package dev.capstan.download.sqlite;

import dev.capstan.download.spi.DownloadStore;
import dev.capstan.tck.store.DownloadStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("S1–S7: SQLite")
class SqliteDownloadStoreContractTest extends DownloadStoreContract {

    @Override
    protected DownloadStore open(Path where) {
        return Samples.open(where);
    }

    @Override
    protected void close(DownloadStore store) throws InterruptedException {
        ((SqliteDownloadStore) store).close();
    }
}
