package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.Account;
import dev.capstan.host.AccountField;
import dev.capstan.host.spi.HostAccount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One registered account, called as any plug-in is: on threads of its host, with deadlines,
 * whatever it may do (S8). What was last known of it is kept, so that showing it never fails.
 *
 * <p>Safe for any thread.
 */
final class AccountService implements AutoCloseable {
    private static final Duration SNAPSHOT = Duration.ofSeconds(1);
    private static final long SILENCE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration CALL = Duration.ofSeconds(90);

    private final String bundle;
    private final List<AccountField> fields;
    private final Supplier<@Nullable HostAccount> service;
    private final Runnable unget;
    private final HostCalls calls;
    private volatile Account known =
            new Account(Account.State.UNKNOWN, null, null, null, -1, null, Map.of());
    private volatile long silentSince;
    private int changing;
    private boolean closed;

    /**
     * Takes a service.
     *
     * @param fields what it is made of, as {@link HostAccount#FIELDS} says it
     * @param service gives the service object; called on a plug-in's thread only
     * @param unget gives it back
     */
    AccountService(
            String host,
            String bundle,
            @Nullable Object fields,
            Supplier<@Nullable HostAccount> service,
            Runnable unget) {
        this.bundle = bundle;
        this.fields = fields instanceof String[] names ? fields(names) : List.of();
        this.service = service;
        this.unget = unget;
        calls = new HostCalls(host, bundle);
    }

    String bundle() {
        return bundle;
    }

    int abandonedCalls() {
        return calls.abandoned();
    }

    List<AccountField> fields() {
        return fields;
    }

    /** How it stands, from its memory; where that gives nothing, from ours. */
    Account account() {
        if (silentSince != 0 && System.nanoTime() - silentSince < SILENCE_NANOS) {
            return known;
        }
        try {
            known = calls.call(() -> service().account(), SNAPSHOT);
            silentSince = 0;
        } catch (DownloadException | Stopped e) {
            // What was known before is the best there is; whoever lists hosts waits but seldom.
            silentSince = System.nanoTime() | 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known;
    }

    Account check() throws DownloadException, InterruptedException, Stopped {
        known = calls.call(() -> service().check(), CALL);
        return known;
    }

    void set(Map<String, String> values) throws DownloadException, InterruptedException, Stopped {
        change(
                () -> {
                    service().set(values);
                    return true;
                });
    }

    void remove() throws DownloadException, InterruptedException, Stopped {
        change(
                () -> {
                    service().remove();
                    return true;
                });
    }

    /** H3: a change may well end this very service, and is done to its end all the same. */
    private void change(Callable<Boolean> change)
            throws DownloadException, InterruptedException, Stopped {
        synchronized (this) {
            changing++;
        }
        try {
            calls.call(change, CALL);
        } finally {
            synchronized (this) {
                changing--;
            }
            endIfIdle();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        endIfIdle();
    }

    private void endIfIdle() {
        synchronized (this) {
            if (!closed || changing > 0) {
                return;
            }
        }
        calls.close();
        unget.run();
    }

    private HostAccount service() throws DownloadException {
        var account = service.get();
        if (account == null) {
            throw new DownloadException(
                    ErrorClass.HOST, "The account of bundle " + bundle + " could not be started.");
        }
        return account;
    }

    private static List<AccountField> fields(String[] names) {
        return List.of(names).stream()
                .map(
                        name ->
                                name.endsWith("*")
                                        ? new AccountField(
                                                name.substring(0, name.length() - 1), true)
                                        : new AccountField(name, false))
                .toList();
    }
}
