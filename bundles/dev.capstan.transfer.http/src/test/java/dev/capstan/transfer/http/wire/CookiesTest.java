package dev.capstan.transfer.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.transfer.http.field.Head;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("9: the cookie jar (RFC 6265)")
class CookiesTest {
    private final Cookies jar = new Cookies();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // host only, unless the domain is named
                "https://a.example.org/ | k=v                        | https://a.example.org/x | k=v",
                "https://a.example.org/ | k=v                        | https://example.org/    | -",
                "https://example.org/   | k=v                        | https://a.example.org/  | -",
                "https://a.example.org/ | k=v; Domain=example.org    | https://b.example.org/  | k=v",
                "https://a.example.org/ | k=v; Domain=.Example.org   | https://example.org/    | k=v",
                "https://a.example.org/ | k=v; Domain=b.example.org  | https://b.example.org/  | -",
                "https://example.org/   | k=v; Domain=a.example.org  | https://a.example.org/  | -",
                "https://example.org/   | k=v; Domain=ample.org      | https://ample.org/      | -",
                // nobody's cookies for a registry
                "https://a.co.uk/       | k=v; Domain=co.uk          | https://b.co.uk/        | -",
                "https://a.com/         | k=v; Domain=com            | https://b.com/          | -",
                "https://me.github.io/  | k=v; Domain=github.io      | https://you.github.io/  | -",
                "https://a.intern/      | k=v; Domain=intern         | https://b.intern/       | -",
                // addresses are no domains
                "http://192.0.2.1/      | k=v                        | http://192.0.2.1/       | k=v",
                "http://192.0.2.1/      | k=v; Domain=2.1            | http://193.0.2.1/       | -",
                // ports share
                "http://a.org:81/       | k=v                        | http://a.org:82/        | k=v",
                // paths
                "https://a.org/x/y      | k=v                        | https://a.org/x/z?q     | k=v",
                "https://a.org/x/y      | k=v                        | https://a.org/z         | -",
                "https://a.org/         | k=v; Path=/x               | https://a.org/x/y       | k=v",
                "https://a.org/         | k=v; Path=/x               | https://a.org/xy        | -",
                "https://a.org/         | k=v; Path=/x/              | https://a.org/x         | -",
                "https://a.org/         | k=v; Path=/x/              | https://a.org/x/y       | k=v",
                // secure
                "https://a.org/         | k=v; Secure                | http://a.org/           | -",
                "https://a.org/         | k=v; Secure; HttpOnly      | https://a.org/          | k=v",
                // expiry
                "https://a.org/         | k=v; Max-Age=0             | https://a.org/          | -",
                "https://a.org/ | k=v; Max-Age=-9999999999999        | https://a.org/          | -",
                "https://a.org/ | k=v; Max-Age=9999999999999         | https://a.org/          | k=v",
                "https://a.org/         | k=v; Max-Age=60            | https://a.org/          | k=v",
                "https://a.org/ | k=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT | https://a.org/   | -",
                "https://a.org/ | k=v; Expires=Fri, 01 Jan 2100 00:00:00 GMT | https://a.org/   | k=v",
                "https://a.org/ | k=v; Expires=whenever              | https://a.org/          | -",
                // rubbish
                "https://a.org/         | ;;;                        | https://a.org/          | -"
            })
    void aCookieGoesWhereItBelongs(String from, String field, String to, String sent)
            throws Exception {
        set(from, field);

        assertThat(jar.forTarget(target(to))).isEqualTo(sent);
    }

    @Test
    void aCookieIsReplacedAndRemoved() throws Exception {
        set("https://a.org/", "k=1", "l=2");
        set("https://a.org/", "k=3");
        assertThat(jar.forTarget(target("https://a.org/"))).contains("k=3", "l=2").hasSize(8);

        set("https://a.org/", "k=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(jar.forTarget(target("https://a.org/"))).isEqualTo("l=2");
    }

    @Test
    void theJarDoesNotGrowWithoutBound() throws Exception {
        set("https://a.org/", "big=" + "x".repeat(5000));
        assertThat(jar.forTarget(target("https://a.org/"))).isNull();

        for (var i = 0; i < 5000; i++) {
            set("https://a.org/", "k" + i + "=v");
        }
        assertThat(jar.forTarget(target("https://a.org/")))
                .contains("k4999=v")
                .hasSizeLessThan(1000);
    }

    private void set(String from, String... fields) throws Exception {
        jar.learn(target(from), new Head(200, false, Map.of("set-cookie", List.of(fields))));
    }

    private static Target target(String uri) throws Exception {
        return Target.of(URI.create(uri));
    }
}
