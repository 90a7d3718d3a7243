package dev.capstan.content.file;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.tck.store.ContentStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("P2, P3: files")
class FileContentStoreContractTest extends ContentStoreContract {

    @Override
    protected ContentStore open(Path where) throws IOException {
        return new TestStore(where).store;
    }

    @Override
    protected void close(ContentStore store) {
        ((FileContentStore) store).close();
    }

    @Override
    protected Path staging(Path where) {
        return TestStore.layout(where).staging();
    }
}
