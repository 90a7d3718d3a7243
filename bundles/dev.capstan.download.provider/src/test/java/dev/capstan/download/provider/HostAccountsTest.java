package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.provider.LocalState.Claims;
import dev.capstan.host.Account;
import dev.capstan.host.Account.State;
import dev.capstan.host.AccountField;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.HostResolver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F9, F18, S8: accounts, also of plug-ins that do what they must not. */
@Timeout(60)
class HostAccountsTest {
    private final List<String> freed = new ArrayList<>();
    private final HostAccounts accounts = new HostAccounts(freed::add);
    private final Host host =
            new Host("acme", new Claims("b.acme", "1.0.0", Set.of(), List.of()), Instant.EPOCH);
    private final Scripted scripted = new Scripted();

    @AfterEach
    void release() {
        scripted.blocks.countDown();
    }

    @Test
    void aCheckThatSucceedsAndAChangeLetHeldDownloadsGoOn() throws Exception {
        add("b.acme");

        scripted.state = State.INVALID;
        assertThat(accounts.check(host).state()).isEqualTo(State.INVALID);
        assertThat(freed).isEmpty();
        scripted.state = State.OK;
        assertThat(accounts.check(host).state()).isEqualTo(State.OK);
        assertThat(freed).containsExactly("acme");
        accounts.set(host, Map.of("user", "a"));
        assertThat(freed).hasSize(2);
        accounts.remove(host);
        assertThat(freed).hasSize(2);
        assertThat(scripted.values).isEmpty();
    }

    @Test
    void fieldsAreToldInOrderAndSecretsMarked() {
        add("b.acme");

        assertThat(accounts.fields(host))
                .containsExactly(
                        new AccountField("user", false), new AccountField("password", true));
    }

    @Test
    void s7_anotherBundlesAccountIsNeverToldASecret() {
        add("b.other");

        assertThat(accounts.of(host)).isNull();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> accounts.set(host, Map.of("password", "marked")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
        assertThat(scripted.values).isEmpty();
    }

    @Test
    void refusedValuesAreTheCallersFaultAndAnythingElseIsNot() {
        add("b.acme");

        scripted.failure = new DownloadException(ErrorClass.ACCOUNT, "The password is missing.");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> accounts.set(host, Map.of()))
                .withMessage("The password is missing.")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
        scripted.failure = new LinkageError("of another version");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> accounts.check(host))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
        assertThat(freed).isEmpty();
    }

    @Test
    void s8_anAccountThatThrowsOrBlocksIsShownAsItWasLastKnown() throws Exception {
        add("b.acme");
        scripted.state = State.LIMIT;
        assertThat(Objects.requireNonNull(accounts.of(host)).state()).isEqualTo(State.LIMIT);

        scripted.hangs = true;
        for (var i = 0; i < 50; i++) {
            assertThat(Objects.requireNonNull(accounts.of(host)).state()).isEqualTo(State.LIMIT);
        }
        assertThat(scripted.asked.get()).as("not asked again and again").isLessThan(10);
    }

    @Test
    void h3_aChangeThatEndsItsOwnServiceIsDoneWhenAnotherIsThere() throws Exception {
        add("b.acme");
        scripted.whileSet = () -> accounts.remove("key");

        var changing =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return accounts.set(host, Map.of("user", "a")).state();
                            } catch (RefusedException | InterruptedException e) {
                                throw new CompletionException(e);
                            }
                        });
        assertThat(scripted.ungot.await(10, TimeUnit.SECONDS)).as("given back").isTrue();
        assertThat(scripted.values).as("once it was done").containsEntry("user", "a");
        assertThat(accounts.of(host)).isNull();

        var next = new Scripted();
        next.state = State.PREVIEWS_ONLY;
        accounts.add("next", "acme", service("b.acme", next));
        assertThat(changing).as("its host is away").isNotDone();
        assertThat(freed).isEmpty();
        host.add(new HostService(Map.of(HostResolver.ID, "acme"), "b.acme", "1", () -> null));
        assertThat(changing.get(10, TimeUnit.SECONDS)).isEqualTo(State.PREVIEWS_ONLY);
        assertThat(freed).containsExactly("acme");
    }

    private void add(String bundle) {
        accounts.add("key", "acme", service(bundle, scripted));
    }

    private static AccountService service(String bundle, Scripted account) {
        var fields = new String[] {"user", "password*"};
        return new AccountService("acme", bundle, fields, () -> account, account.ungot::countDown);
    }

    private static final class Scripted implements HostAccount {
        private final CountDownLatch blocks = new CountDownLatch(1);
        private final CountDownLatch ungot = new CountDownLatch(1);
        private final AtomicInteger asked = new AtomicInteger();
        private volatile State state = State.UNKNOWN;
        private volatile Throwable failure = new IllegalStateException();
        private volatile boolean hangs;
        private volatile Map<String, String> values = Map.of();
        private volatile Runnable whileSet = () -> {};

        @Override
        public Account account() {
            asked.incrementAndGet();
            while (hangs && blocks.getCount() > 0) {
                try {
                    blocks.await();
                } catch (InterruptedException e) {
                    // It ignores whoever wants it to stop.
                }
            }
            return new Account(state, "a***", null, null, -1, null, Map.of());
        }

        @Override
        public void set(Map<String, String> given) throws DownloadException {
            fail();
            whileSet.run();
            values = given;
        }

        @Override
        public Account check() throws DownloadException {
            fail();
            return account();
        }

        @Override
        public void remove() {
            values = Map.of();
        }

        private void fail() throws DownloadException {
            if (failure instanceof DownloadException refusal) {
                throw refusal;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        }
    }
}
