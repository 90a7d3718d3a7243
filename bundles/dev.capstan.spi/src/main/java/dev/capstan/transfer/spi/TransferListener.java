package dev.capstan.transfer.spi;

import dev.capstan.download.DownloadException;
import org.osgi.annotation.versioning.ProviderType;

/** Hears from one transfer, on the transfer's threads; must not block for long. */
@ProviderType
public interface TransferListener {

    /**
     * The source answered well. Called before the first byte of it is written, and again if the
     * source changed and the transfer began anew.
     *
     * @param answer what it said
     * @throws DownloadException ends the transfer with that error before a byte is written
     */
    void onAnswer(Answer answer) throws DownloadException;
}
