package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account;
import dev.capstan.host.Account.State;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.HostResolver;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** D23: there is no account, and faces are told what works without one. Safe for any thread. */
@Component(property = HostResolver.ID + "=" + DeezerHost.NAME)
public final class PreviewsOnly implements HostAccount {
    private static final Account ACCOUNT =
            new Account(
                    State.PREVIEWS_ONLY,
                    null,
                    null,
                    null,
                    -1,
                    "Previews need no account, and an account is not used.",
                    Map.of());

    @Override
    public Account account() {
        return ACCOUNT;
    }

    @Override
    public void set(Map<String, String> values) throws DownloadException {
        throw new DownloadException(
                ErrorClass.ACCOUNT, "Deezer is used without an account; none is stored.");
    }

    @Override
    public Account check() {
        return ACCOUNT;
    }

    @Override
    public void remove() {
        // There is nothing to remove.
    }
}
