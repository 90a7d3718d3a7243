package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.PromiseFactory;

/** E3: what a reader is told when the bytes go. */
class CheckedReaderTest {
    private final PromiseFactory promises = new PromiseFactory(null);
    private final Deferred<Content> whole = promises.deferred();
    private final CheckedReader reader =
            new CheckedReader(new Lost(), whole.getPromise(), () -> {});

    @Test
    @DisplayName("E3: bytes that are taken away because they proved wrong have changed")
    void theReasonIsToldAfterTheLoss() {
        promises.resolved(true).delay(50).onResolve(() -> whole.fail(Faults.changed()));

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.CHANGED));
    }

    @Test
    @DisplayName("E3: what is lost for another reason, or for none that is told, is just lost")
    void anotherLoss() {
        assertThatThrownBy(this::read).isSameAs(Lost.ERROR);

        whole.fail(new DownloadException(ErrorClass.NETWORK, "The source is gone."));
        assertThatThrownBy(this::read).isSameAs(Lost.ERROR);
    }

    private void read() throws DownloadException, InterruptedException {
        reader.read(0, ByteBuffer.allocate(1));
    }

    /** A reader whose file was closed. */
    private static final class Lost implements ContentReader {
        static final DownloadException ERROR =
                new DownloadException(ErrorClass.IO, "The content store is gone.");

        @Override
        public int read(long position, ByteBuffer target) throws DownloadException {
            throw ERROR;
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public boolean isVerified() {
            return false;
        }

        @Override
        public void close() {}
    }
}
