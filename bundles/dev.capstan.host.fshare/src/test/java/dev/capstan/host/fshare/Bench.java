package dev.capstan.host.fshare;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Trust;
import dev.capstan.host.Account;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.secret.spi.Secrets;
import dev.capstan.tck.host.ManualTime;
import dev.capstan.transfer.http.GuardedHttp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The host under test, the service it speaks with, and what an orchestrator would give it. */
final class Bench implements AutoCloseable {
    static final String FILE = "https://www.fshare.vn/file/";
    static final String FOLDER = "https://www.fshare.vn/folder/";

    final ManualTime time = new ManualTime();
    final FakeFshare fake;
    final List<Account> announced = new CopyOnWriteArrayList<>();
    private final GuardedHttp http = new GuardedHttp();
    Settings settings;
    FshareAccount account;
    FshareHost host;

    Bench() {
        this(any -> any);
    }

    Bench(UnaryOperator<TestSettings> change) {
        this(FakeFshare::start, change);
    }

    /** A service of another kind. */
    Bench(Function<InstantSource, FakeFshare> service, UnaryOperator<TestSettings> change) {
        fake = service.apply(time);
        fake.file("ABC123");
        configure(change);
    }

    /** Another configuration: another component. */
    void configure(UnaryOperator<TestSettings> change) {
        settings = change.apply(new TestSettings(fake)).build();
        account =
                new FshareAccount(
                        settings,
                        new PlainSecrets(),
                        http::http,
                        new NoStore(),
                        announced::add,
                        time);
        host = new FshareHost(settings, account);
    }

    /** A call as the orchestrator makes it. */
    final class Context implements ResolveContext {
        private Purpose purpose = Purpose.START;
        private @Nullable String password;
        private @Nullable String knownName;
        private @Nullable String given;
        private OptionalLong knownSize = OptionalLong.empty();
        private int depth;
        private Instant deadline = time.instant().plus(Duration.ofHours(1));

        Context purpose(Purpose value) {
            purpose = value;
            return this;
        }

        Context password(String value) {
            password = value;
            return this;
        }

        Context known(String name, long size) {
            knownName = name;
            knownSize = OptionalLong.of(size);
            return this;
        }

        Context given(String value) {
            given = value;
            return this;
        }

        Context depth(int value) {
            depth = value;
            return this;
        }

        Context within(Duration most) {
            deadline = time.instant().plus(most);
            return this;
        }

        @Override
        public Purpose purpose() {
            return purpose;
        }

        @Override
        public Instant deadline() {
            return deadline;
        }

        @Override
        public OutboundHttp.Client http(OutboundHttp.Policy policy) {
            return http.http().client(policy);
        }

        @Override
        public Trust trust() {
            return Trust.OPERATOR;
        }

        @Override
        public Optional<String> linkPassword() {
            return Optional.ofNullable(password);
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public Optional<SourceKey> knownKey() {
            return Optional.empty();
        }

        @Override
        public OptionalLong knownSize() {
            return knownSize;
        }

        @Override
        public Optional<String> knownName() {
            return Optional.ofNullable(knownName);
        }

        @Override
        public Optional<String> givenLink() {
            return Optional.ofNullable(given);
        }

        @Override
        public int depth() {
            return depth;
        }
    }

    Context context() {
        return new Context();
    }

    /** A download of whose file all is known, so that only what is needed is called. */
    Context knowing() {
        return context().known("known.bin", 100_000);
    }

    Resolution resolve(String link, ResolveContext context) throws Exception {
        return host.resolve(link, context);
    }

    Resolution.Found found(String code) throws Exception {
        return (Resolution.Found) resolve(FILE + code, knowing());
    }

    /** The error a start of a file ends with. */
    DownloadException error(String code) {
        return error(FILE + code, knowing());
    }

    DownloadException error(String link, ResolveContext context) {
        return catchThrowableOfType(DownloadException.class, () -> host.resolve(link, context));
    }

    @Override
    public void close() {
        account.close();
        http.close();
        fake.close();
    }

    /** Properties hold the secrets themselves. */
    private static final class PlainSecrets implements Secrets {
        @Override
        public Optional<String> get(String reference) throws IOException {
            if (reference.startsWith("file:")) {
                throw new IOException("The rights of /secrets/" + reference + " are too wide");
            }
            return reference.startsWith("env:") ? Optional.empty() : Optional.of(reference);
        }

        @Override
        public String put(String name, String secret) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(String reference) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class NoStore implements AccountStore {
        @Override
        public Map<String, String> check(Map<String, String> values) {
            return values;
        }

        @Override
        public void set(Map<String, String> checked) {}

        @Override
        public void remove() {}
    }
}
