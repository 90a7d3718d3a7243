package dev.capstan.itest.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.rest.AdminHost.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Felix Web Console of a packaged host: who may use it, and what it shows of Capstan. */
@Timeout(120)
class ConsoleTest {
    private static final String ROOT = "/system/console";
    private static final String PASSWORD = "marked-password-31c8";
    private static final String KEY = "marked-key-90ab";

    @TempDir static Path root;
    private static AdminHost host;

    @BeforeAll
    static void start() throws Exception {
        host =
                new AdminHost(
                        root,
                        "--set",
                        "dev.capstan.host.fshare:email=somebody@example.org",
                        "--set",
                        "dev.capstan.host.fshare:password=" + PASSWORD,
                        "--set",
                        "dev.capstan.host.fshare:appKey=" + KEY,
                        "--set",
                        "dev.capstan.host.fshare:userAgent=Anything");
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
    }

    @Test
    void runTellsWhereItIs() {
        assertThat(host.out())
                .contains("console http://127.0.0.1:" + host.port() + "/system/console")
                .doesNotContain("warning");
    }

    @Test
    @DisplayName("S5: nobody gets in without the token, by whatever name")
    void onlyTheTokenOpensIt() throws Exception {
        for (var path :
                List.of("", "/", "/bundles", "/configMgr", "/capstan", "/res/ui/admin.css")) {
            assertThat(host.send("GET", ROOT + path, null).status()).as(path).isEqualTo(401);
        }
        for (var pair :
                List.of(
                        "admin:admin",
                        "nobody:",
                        "capstan:",
                        ":",
                        "capstan:admin",
                        "nobody:admin",
                        "admin:" + host.token(),
                        "capstan:" + host.token() + "x")) {
            assertThat(get("/bundles", pair).status()).as(pair).isIn(401, 429);
        }
        assertThat(host.send("GET", ROOT + "/bundles", null, "Authorization", "Basic %%%").status())
                .isIn(401, 429);
        assertThat(
                        host.send(
                                        "GET",
                                        ROOT + "/bundles",
                                        null,
                                        "Authorization",
                                        "Bearer " + host.token())
                                .status())
                .isEqualTo(401);
        assertThat(get("/bundles", "capstan:wrong").status())
                .as("whoever goes on trying has to wait")
                .isEqualTo(429);
        assertThat(get("/bundles").status()).as("but not whoever knows it").isEqualTo(200);
    }

    @Test
    @DisplayName("S5: pages of other sites change nothing, and other names reach nothing")
    void pagesOfOthersChangeNothing() throws Exception {
        var own = "http://127.0.0.1:" + host.port();
        for (var origin :
                List.of(
                        "http://evil.example.org",
                        "null",
                        "http://127.0.0.1:1",
                        "https://127.0.0.1",
                        "http://localhost:" + host.port(),
                        own + ".evil.example.org")) {
            assertThat(change("Origin", origin).status()).as(origin).isEqualTo(403);
        }
        for (var site : List.of("cross-site", "same-site", "anything")) {
            assertThat(change("Sec-Fetch-Site", site).status()).as(site).isEqualTo(403);
        }
        assertThat(change("Origin", own).status()).isEqualTo(200);
        assertThat(change("Origin", own.replace("http:", "https:")).status())
                .as("behind a proxy that speaks TLS")
                .isEqualTo(200);
        assertThat(change("Sec-Fetch-Site", "same-origin").status()).isEqualTo(200);

        var head = "GET /system/console/bundles HTTP/1.1\nAuthorization: " + basic() + "\nHost: ";
        assertThat(host.raw(head + "evil.example.org")).startsWith("HTTP/1.1 421");
        var page = host.raw(head + "127.0.0.1:" + host.port());
        assertThat(page)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Security-Policy: frame-ancestors 'none'");
    }

    @Test
    void ourPageIsTheElementOfTheHostsOwnPath() throws Exception {
        var page = get("/capstan");

        assertThat(page.text())
                .contains("<capstan-app embedded></capstan-app>")
                .contains("<script type=\"module\" src=\"/app.js\"></script>");
        var module = host.send("GET", "/app.js", null);
        assertThat(module.status()).isEqualTo(200);
        assertThat(module.type()).contains("javascript");
    }

    @Test
    @DisplayName("There is a form for whatever the host's parts can be told")
    void everyConfigurationHasAForm() throws Exception {
        var described = host.get("/settings").items("pid");
        assertThat(described).hasSizeGreaterThan(8);
        for (var pid : described) {
            var form =
                    host.send("POST", ROOT + "/configMgr/" + pid, null, "Authorization", basic());
            assertThat(form.text()).as(pid).contains("\"title\":").contains("\"properties\":{\"");
        }
    }

    @Test
    @DisplayName("What is changed in a form is kept for the next start; an account is its host's")
    void whatAFormChangesIsKept() throws Exception {
        var account = "dev.capstan.host.fshare";
        var queue = "dev.capstan.download.provider";
        var file = host.capstan.data().resolve("etc/zz-settings.json");

        submit(
                account,
                "propertylist=email,userAgent&email=somebody%40example.org&userAgent=Other");
        submit(queue, "propertylist=maxConcurrent,maxRetries&maxConcurrent=3&maxRetries=5");

        Capstan.await("it is kept", () -> file.toFile().exists());
        assertThat(file).content().contains("{\"" + queue + "\":{\"maxConcurrent\":3}}");
        submit(queue, "delete=1");
        Capstan.await("it is forgotten", () -> !text(file).contains(queue));
        assertThat(text(file)).doesNotContain(account);
    }

    private static void submit(String pid, String values) throws Exception {
        var form = "apply=true&action=ajaxConfigManager&" + values;
        var answer =
                host.send(
                        "POST",
                        ROOT + "/configMgr/" + pid,
                        form.getBytes(UTF_8),
                        "Authorization",
                        basic(),
                        "Content-Type",
                        "application/x-www-form-urlencoded");
        assertThat(answer.status()).as(answer.text()).isIn(200, 302);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("S7: no page and no report holds a secret")
    void noPageHoldsASecret() throws Exception {
        var inventory = get("/status-capstan.txt");
        assertThat(inventory.text()).contains("direct", "core", "Health", "account UNKNOWN");
        for (var path :
                List.of(
                        "/status-capstan",
                        "/status-Configurations.txt",
                        "/status-Configurations.json",
                        "/status-System%20Properties.txt",
                        "/status-FrameworkProperties.txt",
                        "/status-Services.txt",
                        "/status-Threads.txt",
                        "/configMgr",
                        "/components",
                        "/bundles",
                        "/healthcheck?tags=capstan")) {
            assertThat(get(path).status()).as(path).isIn(200, 404);
        }
        host.send(
                "POST",
                ROOT + "/configMgr/dev.capstan.host.fshare",
                null,
                "Authorization",
                basic());
        assertThat(host.answered()).contains("somebody@example.org");
        assertThat(host.answered()).doesNotContain(PASSWORD, KEY, host.token());
    }

    @Test
    void itsHealthCheckSaysWhatOursSays() throws Exception {
        var page = get("/healthcheck?tags=capstan");

        assertThat(page.text()).contains("downloads: The queue works.").contains("resultOktrue");
    }

    /** A request by the method that changes things; this one only asks for a form. */
    private static Answer change(String header, String value) throws Exception {
        return host.send(
                "POST",
                ROOT + "/configMgr/dev.capstan.admin.rest",
                null,
                "Authorization",
                basic(),
                header,
                value);
    }

    private static Answer get(String path) throws Exception {
        return host.send("GET", ROOT + path, null, "Authorization", basic());
    }

    private static Answer get(String path, String pair) throws Exception {
        return host.send("GET", ROOT + path, null, "Authorization", basic(pair));
    }

    private static String basic() throws Exception {
        return basic("capstan:" + host.token());
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }
}
