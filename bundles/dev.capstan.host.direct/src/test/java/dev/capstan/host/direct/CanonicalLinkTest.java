package dev.capstan.host.direct;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalLinkTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://example.com/a.iso | http://example.com/a.iso",
                "HTTP://EXAMPLE.com/A.iso | http://example.com/A.iso",
                "hTTps://example.com | https://example.com/",
                "http://example.com?q=1 | http://example.com/?q=1",
                "http://example.com/? | http://example.com/?",
                "http://example.com#top | http://example.com/",
                "http://example.com/a#b?c#d | http://example.com/a",
                "http://example.com:80/ | http://example.com/",
                "https://example.com:443/ | https://example.com/",
                "https://example.com:80/ | https://example.com:80/",
                "http://example.com:08080/ | http://example.com:8080/",
                "http://example.com:/ | http://example.com/",
                "http://example.com./a | http://example.com/a",
                "http://localhost./a | http://localhost/a",
                "http://localhost:1234/a | http://localhost:1234/a",
                "http://a-b.c-d.example/x | http://a-b.c-d.example/x",
                "http://1password.com/ | http://1password.com/",
                "http://3.example/ | http://3.example/"
            })
    void scheme_host_and_port_have_one_form(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h/a b.iso | http://h/a%20b.iso",
                "http://h/ü.iso | http://h/%C3%BC.iso",
                "http://h/😀 | http://h/%F0%9F%98%80",
                "http://h/%c3%bc.iso | http://h/%C3%BC.iso",
                "http://h/%41 | http://h/%41",
                "http://h/100% | http://h/100%25",
                "http://h/%zz%4 | http://h/%25zz%254",
                "http://h/a%2fb | http://h/a%2Fb",
                "http://h/a%00b%0d%0a | http://h/a%00b%0D%0A",
                "http://h/a[1]{2}^`.txt | http://h/a%5B1%5D%7B2%7D%5E%60.txt",
                "http://h/\"<>| http://h/%22%3C%3E",
                "http://h/a\\b | http://h/a%5Cb",
                "http://h/;v=1,2:@!$&'()*+~ | http://h/;v=1,2:@!$&'()*+~",
                "http://h/\u202Ea | http://h/%E2%80%AEa",
            })
    void a_path_is_encoded_as_it_must_be(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h/a/./b/../c | http://h/a/c",
                "http://h/../../a | http://h/a",
                "http://h/a/.. | http://h/",
                "http://h/a/. | http://h/a/",
                "http://h/a/b/.. | http://h/a/",
                "http://h/. | http://h/",
                "http://h/a//b | http://h/a//b",
                "http://h//.. | http://h/",
                "http://h/%2e%2E/a/%2e/b | http://h/a/b",
                "http://h/a/.%2e/b | http://h/b",
                "http://h/..a/...| http://h/..a/...",
                "http://h?/../a | http://h/?/../a"
            })
    void dot_segments_are_removed_from_the_path_only(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h/?a=%2f&b=%C3%BC | http://h/?a=%2f&b=%C3%BC",
                "http://h/?a[]=1&b=a+b~ | http://h/?a[]=1&b=a+b~",
                "http://h/?a=b c&ü | http://h/?a=b%20c&%C3%BC",
                "http://h/?a=50%&b={x} | http://h/?a=50%25&b=%7Bx%7D",
                "http://h/?u=http://x/?y\\z | http://h/?u=http://x/?y%5Cz"
            })
    void a_query_is_left_as_it_is_where_that_is_possible(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://user:secret@example.com/a | http://example.com/a",
                "http://user@example.com:81/a | http://example.com:81/a",
                "http://@example.com/a | http://example.com/a",
                "http://user:p@ss@example.com/a | http://example.com/a",
                "http://u:%2f@example.com/ | http://example.com/",
                "http://example.com/@a | http://example.com/@a",
                "http://good.com@evil.com/ | http://evil.com/"
            })
    void user_information_never_stays(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://bücher.example/ | http://xn--bcher-kva.example/",
                "http://BÜCHER.example/ | http://xn--bcher-kva.example/",
                "http://bu\u0308cher.example/ | http://xn--bcher-kva.example/",
                "http://xn--bcher-kva.example/ | http://xn--bcher-kva.example/",
                "http://例え。テスト/ | http://xn--r8jz45g.xn--zckzah/",
                "http://ｅｘａｍｐｌｅ．ｃｏｍ/ | http://example.com/",
                "http://💩.la/ | http://xn--ls8h.la/",
                "http://exa\u00ADmple.com/ | http://example.com/"
            })
    void an_international_name_becomes_ascii(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1/ | http://127.0.0.1/",
                "http://127.1/ | http://127.0.0.1/",
                "http://127.0.1/ | http://127.0.0.1/",
                "http://2130706433/ | http://127.0.0.1/",
                "http://0x7f.1/ | http://127.0.0.1/",
                "http://0X7F000001/ | http://127.0.0.1/",
                "http://0177.0.0.1/ | http://127.0.0.1/",
                "http://017700000001/ | http://127.0.0.1/",
                "http://000000000000000177.1/ | http://127.0.0.1/",
                "http://127.0.0.1./ | http://127.0.0.1/",
                "http://１２７.0.0.1/ | http://127.0.0.1/",
                "http://127。0。0。1/ | http://127.0.0.1/",
                "http://0/ | http://0.0.0.0/",
                "http://0x/ | http://0.0.0.0/",
                "http://255.255.255.255:81/ | http://255.255.255.255:81/",
                "http://[::1]:81/a | http://[::1]:81/a",
                "http://[2001:DB8::A]/ | http://[2001:db8::a]/",
                "http://[::ffff:127.0.0.1]/ | http://[::ffff:127.0.0.1]/",
                "http://user@[::1]/ | http://[::1]/"
            })
    void an_address_is_seen_for_what_it_is(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file:///srv/a.iso | file:///srv/a.iso",
                "file:/srv/a.iso | file:///srv/a.iso",
                "FILE://localhost/srv/a | file:///srv/a",
                "file:///srv/ä b.iso | file:///srv/%C3%A4%20b.iso",
                "file:///srv/../etc/./x | file:///etc/x",
                "file:///srv//a/.//b | file:///srv/a/b",
                "file:///a%ff | file:///a%FF",
                "file:///a%3Fb%23c | file:///a%3Fb%23c"
            })
    void a_file_has_one_form(String link, String canonical) {
        assertCanonical(link, canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "example.com/a.iso",
                "example.com:80/a",
                "//example.com/a",
                "/srv/a.iso",
                "./a.iso",
                "a.iso",
                "ftp://example.com/a",
                "ftps://example.com/a",
                "sftp://example.com/a",
                "magnet:?xt=urn:btih:0",
                "data:text/plain,x",
                "jar:file:///a.jar!/b",
                "javascript:alert(1)",
                "mailto:a@b",
                "urn:isbn:0",
                "httpx://example.com/",
                "xhttp://example.com/",
                "http",
                "http:",
                "http:/",
                "http://",
                "http:///a",
                "http:/example.com/a",
                "http:example.com",
                "http:\\\\example.com\\a",
                "http://?q",
                "http://#f",
                "http://user@/a",
                "http://:80/",
                "http://example.com:0/",
                "http://example.com:65536/",
                "http://example.com:99999999999/",
                "http://example.com:-1/",
                "http://example.com:+1/",
                "http://example.com:8a/",
                "http://example.com:80:80/",
                "http://ex ample.com/",
                "http://ex%61mple.com/",
                "http://example..com/",
                "http://.example.com/",
                "http://example.com../",
                "http://./",
                "http://-example.com/",
                "http://example-.com/",
                "http://exa$mple.com/",
                "http://exa_mple.com/",
                "http://good.com\\@evil.com/",
                "http://good.com\\.evil.com/",
                "http://good.com／.evil.com/",
                "http://good.com？.evil.com/",
                "http://good.com＃.evil.com/",
                "http://good.com＠evil.com/",
                "http://good.com：81/",
                "http://straße.example/",
                "http://a\u200Db.example/",
                "http://[::1/",
                "http://::1/",
                "http://[]/",
                "http://[g::1]/",
                "http://[1:2:3]/",
                "http://[::1]x/",
                "http://[fe80::1%25eth0]/",
                "http://[fe80::1%eth0]/",
                "http://[v1.a]/",
                "http://256.1.1.1/",
                "http://1.2.3.4.5/",
                "http://1.2.3.256/",
                "http://1.65536.1/",
                "http://4294967296/",
                "http://0x100000000/",
                "http://09.1/",
                "http://a.1/",
                "http://a.0x1/",
                "http://1..1/",
                "http://h/a\r\nHost: evil",
                "http://h/a\u0000",
                "http://h/\t",
                "http://h/\u007F",
                "http://h/\u0085",
                "http://h\n/",
                "http://h/\uD83D",
                "http://h/?\uDE00",
                "file:",
                "file:a",
                "file:a/b",
                "file://host/a",
                "file:////host/a",
                "file://localhost:80/a",
                "file:///a?b",
                "file:///a#b",
                "file:///a%00b",
                "file:///a%2Fb",
                "file:///a%2f..%2fb",
                "file://../a"
            })
    void R1_what_is_not_its_own_or_malformed_is_not_recognised(String link) {
        assertThat(CanonicalLink.of(link)).isEmpty();
    }

    @Test
    void R1_a_very_long_link_is_taken_up_to_a_limit() {
        var link = "http://h/?" + "q".repeat(32_758);
        assertThat(CanonicalLink.of(link)).contains(link);
        assertThat(CanonicalLink.of(link + "q")).isEmpty();
        assertThat(CanonicalLink.of("http://" + "a.".repeat(120) + "example/")).isPresent();
        assertThat(CanonicalLink.of("http://" + "a.".repeat(130) + "example/")).isEmpty();
        assertThat(CanonicalLink.of("http://" + "a".repeat(64) + ".example/")).isEmpty();
        assertThat(CanonicalLink.of("http://h" + "/..".repeat(10_000))).contains("http://h/");
    }

    private static void assertCanonical(String link, String canonical) {
        assertThat(CanonicalLink.of(link)).contains(canonical);
        assertThat(CanonicalLink.of(canonical)).as("R2").contains(canonical);
        assertThat(URI.create(canonical).getRawUserInfo()).isNull();
    }
}
