package dev.capstan.transfer.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.DownloadException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("12: which proxy leads where")
class ProxiesTest {

    @ParameterizedTest
    @CsvSource({
        "proxy, HTTP proxy:1080",
        "proxy:3128, HTTP proxy:3128",
        "http://proxy, HTTP proxy:1080",
        "HTTP://Proxy.Example.:8080/, HTTP proxy.example:8080",
        "socks5://10.0.0.1:9050, SOCKS5 10.0.0.1:9050",
        "socks5h://[::1], SOCKS5 [::1]:1080",
        "http://u:p@ss@[fe80::1]:81/, HTTP [fe80::1]:81"
    })
    void readsWhatVariablesSay(String text, String proxy) {
        assertThat(Proxy.parse(text)).hasToString(proxy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "https://proxy", "socks4://proxy", "http://", "a b", "http://x:99999"})
    void refusesWhatIsNoProxy(String text) {
        assertThatThrownBy(() -> Proxy.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsCredentials() {
        assertThat(Proxy.parse("u%40:a:b%20+%zz@proxy").login())
                .isEqualTo(new Login("u@", "a:b%20+%zz"));
        assertThat(Proxy.parse("u:a:b%20+@proxy").login()).isEqualTo(new Login("u", "a:b +"));
        assertThat(Proxy.parse("u@proxy").login()).isEqualTo(new Login("u", ""));
        assertThat(Proxy.parse("u:secret@proxy").toString()).doesNotContain("secret");
    }

    @Test
    void theSchemesOwnVariableWinsAndLowerCaseBeforeUpper() throws Exception {
        var variables =
                Map.of(
                        "http_proxy", "a",
                        "HTTPS_PROXY", "b",
                        "https_proxy", "c",
                        "ALL_PROXY", "d");
        assertThat(through(variables, "http://host/")).isEqualTo("a");
        assertThat(through(variables, "https://host/")).isEqualTo("c");
        assertThat(through(Map.of("HTTPS_PROXY", "b", "all_proxy", "d"), "https://host/"))
                .isEqualTo("b");
        assertThat(through(Map.of("ALL_PROXY", "d"), "http://host/")).isEqualTo("d");
        assertThat(through(Map.of("all_proxy", "e", "ALL_PROXY", "d"), "http://host/"))
                .isEqualTo("e");
        assertThat(through(Map.of("http_proxy", " ", "all_proxy", "e"), "http://host/"))
                .isEqualTo("e");
        assertThat(through(Map.of(), "http://host/")).isNull();
    }

    @Test
    @DisplayName("HTTP_PROXY may be what a request to a web server said, and counts for nothing")
    void ignoresTheVariableOfWebServers() throws Exception {
        assertThat(through(Map.of("HTTP_PROXY", "evil"), "http://host/")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, true",
        "sub.example.org, true",
        "EXAMPLE.ORG., true",
        "notexample.org, false",
        "org, false",
        "dotted.net, true",
        "www.dotted.net, true",
        "star.com, true",
        "a.star.com, true",
        "10.1.2.3, true",
        "10.2.2.3, false",
        "167837955, true",
        "192.168.7.7, true",
        "192.168.7.8, false",
        "[fd00::1], true",
        "[fd01::1], false",
        "[2001:db8::5], true",
        "localhost, true",
        "a.localhost, true",
        "127.9.9.9, true",
        "[::1], true",
        "0x7f.1, true"
    })
    void someHostsNeedNone(String host, boolean direct) throws Exception {
        var no =
                "example.org, .dotted.net *.star.com,10.1.0.0/16 192.168.7.7\tfd00::/16,"
                        + "[2001:db8::5] ,, 1.2.3.4/99";
        var variables = Map.of("all_proxy", "p", "no_proxy", no, "NO_PROXY", "*");
        assertThat(through(variables, "http://" + host + "/") == null).isEqualTo(direct);
    }

    @Test
    void allHostsMayNeedNone() throws Exception {
        assertThat(through(Map.of("http_proxy", "p", "NO_PROXY", "*"), "http://host/")).isNull();
    }

    @Test
    void theConfigurationsOwnExceptionsWin() throws Exception {
        var proxies =
                Proxies.ofEnvironment(Map.of("http_proxy", "p", "no_proxy", "a")::get, "b", false);
        assertThat(proxies.to(target("http://a/"))).isNotNull();
        assertThat(proxies.to(target("http://b/"))).isNull();
    }

    @Test
    void aConfiguredProxyMayHoldNoCredentials() throws Exception {
        assertThat(Proxies.configured("socks5://p:1", "x", true).to(target("https://h/")))
                .hasToString("SOCKS5 p:1");
        assertThatThrownBy(() -> Proxies.configured("u:secret@p", "", true).to(target("http://h/")))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("netrc")
                .hasMessageNotContaining("secret");
    }

    private static String through(Map<String, String> variables, String uri) throws Exception {
        var proxy = Proxies.ofEnvironment(variables::get, "", false).to(target(uri));
        return proxy == null ? null : proxy.host();
    }

    private static Target target(String uri) throws Exception {
        return Target.of(URI.create(uri));
    }
}
