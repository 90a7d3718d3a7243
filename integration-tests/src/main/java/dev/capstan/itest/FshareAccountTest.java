package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.host.Account;
import dev.capstan.host.Account.State;
import dev.capstan.host.AccountField;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.fshare.fake.Endpoint;
import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** An account of Fshare in a running host: set, changed, removed, and its bundle stopped. */
@DisplayName("F9, F18, F20 The account of Fshare")
class FshareAccountTest {
    private static final String PID = "dev.capstan.host.fshare";
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String FILE = "https://www.fshare.vn/file/";

    @InjectBundleContext BundleContext context;
    @InjectService ConfigurationAdmin configurations;
    @InjectService Downloads downloads;
    @InjectService Hosts hosts;
    @TempDir Path folder;

    private final FakeFshare fake = FakeFshare.start();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private ServiceRegistration<EventHandler> listening;
    private Configuration configuration;

    @BeforeEach
    void listen() throws IOException {
        var topics = new Hashtable<String, Object>();
        topics.put(EventConstants.EVENT_TOPIC, Topics.ALL);
        listening = context.registerService(EventHandler.class, events::add, topics);
        configuration = configurations.getConfiguration(PID, "?");
    }

    @AfterEach
    void end() throws Exception {
        listening.unregister();
        configuration.delete();
        fake.close();
    }

    @Test
    @DisplayName("F9: a wrong password holds downloads until the configuration changes")
    void aWrongPasswordHoldsUntilTheConfigurationChanges() throws Exception {
        configure("marked-wrong-word");
        var ids = new ArrayList<String>();
        for (var i = 0; i < 3; i++) {
            fake.file("HELD" + i).size(1_000);
            ids.add(add("HELD" + i));
        }
        for (var id : ids) {
            Awaits.until("it is held", () -> show(id).status().phase() == Phase.ACCOUNT_HELD);
            assertThat(show(id).status().retryCount()).isZero();
        }
        assertThat(account().account().state()).isEqualTo(State.INVALID);

        configure(FakeAccount.PASSWORD);

        for (var id : ids) {
            Awaits.until("it is there", () -> show(id).state() == DownloadState.COMPLETED);
        }
        assertThat(fake.calls(Endpoint.LOGIN)).hasSize(2);
        assertThat(account().account().state()).isEqualTo(State.OK);
        assertNothingIsTold("marked-wrong-word");
    }

    @Test
    @DisplayName(
            "F18, F20: an account that is set is kept as references, and logged out as it goes")
    void anAccountIsSetAndRemoved() throws Exception {
        configure(FakeAccount.PASSWORD);
        assertThat(account().check().state()).isEqualTo(State.OK);
        Awaits.until("what was learned is told", () -> told().stream().anyMatch(this::isKnown));
        assertThat(told()).filteredOn(account -> account.state() == State.OK).hasSize(1);

        account().set(Map.of("password", "marked-new-word"));
        fake.account().credentials(FakeAccount.EMAIL, "marked-new-word");
        Awaits.until("the new one is there", () -> account().account().state() == State.UNKNOWN);

        assertThat(configuration.getProperties().get("password")).isEqualTo("file:fshare-password");
        assertThat(fake.calls(Endpoint.LOGOUT)).hasSize(1);
        assertThat(account().check().name()).isEqualTo("s***@example.org");
        var kept = DataFolder.of(context).etc().resolve("host.fshare.account.json");
        assertThat(Files.readString(kept))
                .contains("file:fshare-password", "file:fshare-app-key")
                .doesNotContain("marked");
        assertThat(Files.getPosixFilePermissions(kept)).hasSize(2);
        assertNothingIsTold("marked-new-word");

        account().remove();
        Awaits.until("it is gone", () -> account().account().state() == State.NOT_CONFIGURED);

        assertThat(fake.calls(Endpoint.LOGOUT)).hasSize(2);
        assertThat(kept).doesNotExist();
        var secrets = DataFolder.of(context).secrets();
        assertThat(secrets.resolve("fshare-password")).doesNotExist();
        assertThat(secrets.resolve("fshare-app-key")).doesNotExist();
        assertThat(configuration.getProperties().get("email")).isNull();
    }

    @Test
    @DisplayName("S7: what operators do by the host's own service: shown, set, checked, removed")
    void operatorsSetItThroughTheHost() throws Exception {
        configure("marked-wrong-word");
        fake.file("SET").size(1_000);
        var id = add("SET");
        Awaits.until("it is held", () -> show(id).status().phase() == Phase.ACCOUNT_HELD);
        assertThat(hosts.accountFields("fshare"))
                .extracting(AccountField::name)
                .containsExactly("email", "password", "appKey", "userAgent");
        assertThat(info().held()).contains("password").isEqualTo(show(id).status().note());
        assertThat(info().account().state()).isEqualTo(State.INVALID);
        assertThat(info().account().name()).startsWith("s***@");

        hosts.setAccount("fshare", Map.of("password", FakeAccount.PASSWORD)).getValue();

        Awaits.until("it is there", () -> show(id).state() == DownloadState.COMPLETED);
        Awaits.until("it works", () -> stands(State.OK));
        assertThat(info().held()).isNull();
        assertThat(hosts.checkAccount("fshare").getValue().state()).isEqualTo(State.OK);
        assertThat(hosts.setAccount("fshare", Map.of("colour", "red")).getFailure())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("it has no colour");
        assertThat(hosts.checkAccount("nobody").getFailure()).isInstanceOf(RefusedException.class);
        assertEachChangeWasToldOnce();
        assertNothingIsTold("marked-wrong-word");

        hosts.removeAccount("fshare").getValue();
        Awaits.until("it is gone", () -> stands(State.NOT_CONFIGURED));
        assertThat(DataFolder.of(context).secrets().resolve("fshare-password")).doesNotExist();
    }

    /** F18: what was asked for, and by whom, makes no event; only a change does. */
    private void assertEachChangeWasToldOnce() {
        var told = told();
        assertThat(told).hasSizeGreaterThan(2);
        for (var i = 1; i < told.size(); i++) {
            assertThat(told.get(i)).isNotEqualTo(told.get(i - 1));
        }
    }

    private List<Account> told() {
        return events.stream()
                .filter(event -> event.getTopic().equals(Topics.HOST_ACCOUNT))
                .filter(event -> event.getProperty(Topics.HOST).equals("fshare"))
                .map(event -> (Account) event.getProperty(Topics.ACCOUNT))
                .toList();
    }

    private boolean isKnown(Account account) {
        return account.type() != null;
    }

    /** While another configuration takes over, neither host nor account is there for a moment. */
    private boolean stands(State state) {
        return hosts.list().stream()
                .filter(host -> host.id().equals("fshare") && host.account() != null)
                .anyMatch(host -> host.account().state() == state);
    }

    private HostInfo info() {
        return hosts.list().stream()
                .filter(host -> host.id().equals("fshare"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("F20: a bundle that is stopped logs nobody out, and what runs goes on")
    void aStoppedBundleLogsNobodyOut() throws Exception {
        configure(FakeAccount.PASSWORD);
        fake.file("RUNNING").size(3_000_000).pace(1_500_000);
        var id = add("RUNNING");
        Awaits.until("bytes flow", () -> show(id).metrics().downloaded() > 200_000);
        var bundle = bundle();

        bundle.stop();
        bundle.start();

        Awaits.until("it is there", () -> show(id).state() == DownloadState.COMPLETED);
        assertThat(fake.calls(Endpoint.LOGOUT)).isEmpty();
        assertThat(show(id).metrics().downloaded()).isEqualTo(3_000_000);
        assertThat(fake.deliveries().stream().mapToLong(sent -> sent.bodyBytes()).sum())
                .isLessThan(3_000_000 + (1 << 20));
    }

    @Test
    @DisplayName("F17: a bundle that is stopped ends its calls and their connections")
    void aStoppedBundleEndsItsCalls() throws Exception {
        configure(FakeAccount.PASSWORD);
        fake.file("ASKED").size(1_000);
        var silence = fake.fault(Endpoint.LOGIN, Answer.silence());
        var id = add("ASKED");
        assertThat(fake.awaitCalls(Endpoint.LOGIN, 1, BOUND)).isTrue();
        var bundle = bundle();

        bundle.stop();

        try {
            assertThat(fake.awaitNoConnection(BOUND)).isTrue();
            Awaits.until("it waits", () -> show(id).status().phase() == Phase.WAITING_FOR_HOST);
            assertThat(show(id).status().retryCount()).isZero();
        } finally {
            silence.lift();
            bundle.start();
        }
        Awaits.until("it is there", () -> show(id).state() == DownloadState.COMPLETED);
        assertThat(fake.calls(Endpoint.LOGIN)).hasSize(2);
    }

    /** The service's properties, all events, and what their values say of themselves. */
    private void assertNothingIsTold(String... more) {
        var marked = new ArrayList<>(fake.secrets());
        marked.addAll(List.of(more));
        var told = new ArrayList<String>();
        for (var type : List.of(HostResolver.class, HostAccount.class)) {
            var reference = reference(type);
            for (var key : reference.getPropertyKeys()) {
                told.add(key + "=" + text(reference.getProperty(key)));
            }
        }
        for (var event : events) {
            for (var name : event.getPropertyNames()) {
                told.add(text(event.getProperty(name)));
            }
        }
        assertThat(events).anyMatch(event -> event.getTopic().equals(Topics.HOST_ACCOUNT));
        assertThat(told.toString()).contains("www.fshare.vn", "s***@").doesNotContain(marked);
    }

    private static String text(Object value) {
        return value instanceof Object[] list ? Arrays.toString(list) : String.valueOf(value);
    }

    private void configure(String password) throws Exception {
        var before = reference(HostResolver.class);
        var values = new Hashtable<String, Object>();
        values.put("email", FakeAccount.EMAIL);
        values.put("password", password);
        values.put("appKey", FakeAccount.APP_KEY);
        values.put("userAgent", FakeAccount.USER_AGENT);
        values.put("apiUrl", fake.apiUrl().toString());
        values.put("folderUrl", fake.folderUrl().toString());
        values.put("deliveryHosts", new String[] {fake.deliveryUrl().getHost()});
        values.put("callSpacing", "1 ms");
        configuration.update(values);
        Awaits.until(
                "another component is there, and it is the configured one",
                () ->
                        !Objects.equals(before, reference(HostResolver.class))
                                && account().account().state() != State.NOT_CONFIGURED);
    }

    private String add(String code) throws Exception {
        var request = DownloadRequest.of(FILE + code).trust(Trust.OPERATOR).folder(folder);
        var added = downloads.add(List.of(request)).getValue().get(0);
        return Objects.requireNonNull(added.download()).id();
    }

    private Download show(String id) {
        return downloads.get(id).orElseThrow();
    }

    /** The account there is now; another configuration makes another one. */
    private HostAccount account() {
        var found = new AtomicReference<HostAccount>();
        try {
            Awaits.until(
                    "an account",
                    () -> {
                        var reference = reference(HostAccount.class);
                        found.set(reference == null ? null : context.getService(reference));
                        return found.get() != null;
                    });
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return found.get();
    }

    private <T> ServiceReference<T> reference(Class<T> type) {
        try {
            return context.getServiceReferences(type, "(capstan.host.id=fshare)").stream()
                    .findFirst()
                    .orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Bundle bundle() {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(PID))
                .findFirst()
                .orElseThrow();
    }
}
