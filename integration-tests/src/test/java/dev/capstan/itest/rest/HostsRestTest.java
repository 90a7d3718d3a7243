package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.itest.Capstan;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hosts, their accounts, and how the host is, over REST. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostsRestTest {
    private static final List<String> SECRETS = List.of(FakeAccount.PASSWORD, FakeAccount.APP_KEY);
    private static final String WRONG = "marked-wrong-word-55d0";

    @TempDir static Path root;
    private static FakeFshare fake;
    private static AdminHost host;

    @BeforeAll
    static void start() throws Exception {
        fake = FakeFshare.start();
        var options = new ArrayList<>(List.of("--allow-private-networks"));
        for (var setting :
                List.of(
                        "apiUrl=" + fake.apiUrl(),
                        "folderUrl=" + fake.folderUrl(),
                        "deliveryHosts=" + fake.deliveryUrl().getHost(),
                        "callSpacing=1 ms")) {
            options.addAll(List.of("--set", "dev.capstan.host.fshare:" + setting));
        }
        host = new AdminHost(root, options.toArray(String[]::new));
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
        fake.close();
    }

    @Test
    @DisplayName("S7: an account is set, works and is removed, and its secrets never come out")
    void accountsGoInAndSecretsNeverComeOut() throws Exception {
        assertThat(host.get("/hosts").items("id")).contains("direct", "fshare", "deezer");
        assertThat(state(host.get("/hosts/fshare/account"))).isEqualTo("NOT_CONFIGURED");

        var events = host.listen();
        var set = host.put("/hosts/fshare/account", account(FakeAccount.PASSWORD));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(state(set)).as("its host is back, and has not tried it").isEqualTo("UNKNOWN");
        assertThat(host.get("/hosts").items("id")).contains("fshare");
        Capstan.await("it works", () -> checked().contains("\"state\":\"OK\""));
        var name = host.get("/hosts/fshare").json().getJsonObject("account").getString("name");
        assertThat(name).isEqualTo("s***@example.org");

        fake.file("ONE").named("one.bin").size(1_000);
        var id = host.control.add("https://www.fshare.vn/file/ONE");
        Capstan.await("the file behind it", () -> isCompleted(id));

        assertThat(host.put("/hosts/fshare/account", account(WRONG)).status()).isEqualTo(200);
        Capstan.await("it is refused", () -> checked().contains("\"state\":\"INVALID\""));
        assertThat(host.delete("/hosts/fshare/account").status()).isEqualTo(204);
        assertThat(state(host.get("/hosts/fshare/account"))).isEqualTo("NOT_CONFIGURED");

        Capstan.await(
                "events of all that", () -> host.answered().contains("\"type\":\"host.account\""));
        events.abort();
        host.get("/hosts");
        host.get("/downloads/" + id);
        host.get("/settings");
        host.get("/logs?lines=1000");
        host.get("/metrics");
        var marked = new ArrayList<>(SECRETS);
        marked.add(WRONG);
        assertThat(host.answered()).doesNotContain(marked);
        assertThat(host.out()).doesNotContain(marked);
        assertThat(host.filesWith(marked)).isEmpty();
        assertThat(host.filesWith(List.of(host.token())))
                .containsExactly(host.capstan.data().resolve("token"));
    }

    @Test
    void whatIsNoFieldOfAnAccountIsRefusedByItsNameOnly() throws Exception {
        var unknown = host.put("/hosts/fshare/account", "{\"pasword\":\"" + WRONG + "\"}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text()).contains("pasword").doesNotContain(WRONG);

        var number = host.put("/hosts/fshare/account", "{\"password\":5}");
        assertThat(number.status()).isEqualTo(400);
        assertThat(host.put("/hosts/fshare/account", "{}").status()).isEqualTo(400);
        assertThat(host.put("/hosts/direct/account", "{}").status()).isEqualTo(404);
        assertThat(host.get("/hosts/direct/account").status()).isEqualTo(404);
        assertThat(host.get("/hosts/nobody").status()).isEqualTo(404);
    }

    @Test
    @DisplayName("H2a: without its store a host is out of order, and tells a stranger no more")
    void healthTellsWhetherItWorks() throws Exception {
        var well = host.get("/health");
        assertThat(well.status()).as(well.text()).isEqualTo(200);
        assertThat(well.json().getJsonArray("checks").getValuesAs(JsonObject.class))
                .isNotEmpty()
                .allMatch(check -> check.containsKey("message"));
        var stranger = host.send("GET", "/api/v1/health", null);
        assertThat(stranger.status()).isEqualTo(200);
        assertThat(stranger.json().keySet()).containsExactly("status");

        host.control.done("features", "stop", "dev.capstan.download.sqlite");
        try {
            var broken = host.send("GET", "/api/v1/health", null);
            assertThat(broken.status()).isEqualTo(503);
            assertThat(broken.text()).isEqualTo("{\"status\":\"critical\"}");
            assertThat(host.get("/health").text()).contains("download queue is not there");
            assertThat(host.get("/hosts").status()).isEqualTo(503);
            assertThat(host.get("/metrics").text()).doesNotContain("capstan_downloads{");
        } finally {
            host.control.done("features", "start", "dev.capstan.download.sqlite");
        }
        Capstan.await("it is well again", () -> status("/health") == 200);
    }

    @Test
    void metricsAreWhatPrometheusReads() throws Exception {
        var metrics = host.get("/metrics");

        assertThat(metrics.type()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.text())
                .contains("capstan_downloads{state=\"queued\"} ")
                .contains("capstan_host_up{host=\"direct\"} 1\n")
                .contains("capstan_store_bytes ")
                .contains("jvm_memory_used_bytes{area=\"heap\"} ");
        MetricsText.check(metrics.text());
        assertThat(host.send("GET", "/api/v1/metrics", null).status()).isEqualTo(401);
    }

    @Test
    @DisplayName("S7: the log is told without what somebody else may have put into it")
    void theLogIsToldWithoutSecrets() throws Exception {
        var log = host.capstan.data().resolve("logs/capstan.log");
        Files.createDirectories(log.getParent());
        Files.writeString(
                log,
                """
                GET https://user:%1$s@example.org/a?apikey=%1$s&page=2
                Authorization: Bearer %1$s
                {"password": "%1$s", "arl":"%1$s"}
                token=%1$s
                """
                        .formatted(WRONG),
                Files.exists(log) ? StandardOpenOption.APPEND : StandardOpenOption.CREATE);

        var shown = host.get("/logs?lines=5");

        Files.writeString(log, Files.readString(log).replace(WRONG, "-"));
        assertThat(shown.text()).contains("https://example.org/a?apikey=***").contains("page=2");
        assertThat(shown.text()).doesNotContain(WRONG);
        assertThat(host.get("/logs?lines=0").status()).isEqualTo(400);
    }

    @Test
    @DisplayName("S7: settings are described, checked and kept for the next start; secrets stay in")
    void settingsAreCheckedAndKept() throws Exception {
        var pid = "/settings/dev.capstan.host.deezer";
        var described = host.get("/settings");
        assertThat(described.items("pid"))
                .contains("dev.capstan.admin.rest", "dev.capstan.download.provider");
        assertThat(host.put("/settings/dev.capstan.nobody", "{}").status()).isEqualTo(404);

        var port = host.put("/settings/dev.capstan.admin.rest", "{\"port\":70000}");
        assertThat(port.status()).isEqualTo(400);
        assertThat(port.text()).contains("port").contains("70000");
        assertThat(host.put(pid, "{\"nothing\":1}").status()).isEqualTo(400);
        var email = host.put("/settings/dev.capstan.host.fshare", "{\"email\":\"a@b.c\"}");
        assertThat(email.text()).contains("PUT /hosts/fshare/account sets it");

        var property = host.get(pid).json().getJsonArray("properties").getJsonObject(0);
        assertThat(property.keySet()).contains("name", "label", "type", "isSet", "secret");
        var changed = host.put(pid, "{\"callsPer5s\":39}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        var kept = host.capstan.data().resolve("etc/zz-settings.json");
        assertThat(Files.readString(kept))
                .contains("\"dev.capstan.host.deezer\":{\"callsPer5s\":39}");
        assertThat(Files.getPosixFilePermissions(kept)).hasSize(2);
        Capstan.await("it holds at once", () -> text(pid).contains("\"value\":39"));
    }

    /** The last one, since what answers is made anew. */
    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName("A server that is told something else stays where it is")
    void theServersOwnSettingsLeaveItWhereItIs() throws Exception {
        var pid = "/settings/dev.capstan.admin.rest";
        assertThat(text(pid)).contains("\"name\":\"hostNames\"", "\"value\":[]");

        assertThat(host.put(pid, "{\"hostNames\":[\"tool.example.org\"]}").status()).isEqualTo(200);

        Capstan.await("its name", () -> named("tool.example.org").contains("\"status\":\"ok\""));
    }

    private static String account(String password) {
        return """
        {"email":"%s","password":"%s","appKey":"%s","userAgent":"%s"}"""
                .formatted(
                        FakeAccount.EMAIL, password, FakeAccount.APP_KEY, FakeAccount.USER_AGENT);
    }

    private static String state(AdminHost.Answer account) {
        assertThat(account.status()).as(account.text()).isEqualTo(200);
        return account.json().getString("state");
    }

    /** The host takes over what it was given in its own time. */
    private static String checked() {
        try {
            return host.post("/hosts/fshare/account/check").text();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isCompleted(String id) {
        try {
            return host.control.show(id).state().equals("COMPLETED");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int status(String path) {
        try {
            return host.get(path).status();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String named(String name) {
        try {
            return host.raw("GET /api/v1/health HTTP/1.1\nHost: " + name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(String path) {
        try {
            return host.get(path).text();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
