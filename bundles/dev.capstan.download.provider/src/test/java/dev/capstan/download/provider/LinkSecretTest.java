package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.download.DownloadRequest;
import dev.capstan.download.RefusedException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkSecretTest {

    @Test
    void userInformationBecomesAnAuthorizationHeader() throws RefusedException {
        // "Aladdin:open sesame", the example of RFC 7617.
        assertThat(of("http://Aladdin:open%20sesame@host/").headers())
                .isEqualTo(Map.of("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    }

    @Test
    void aHeaderTheUserGaveGoesBeforeTheLink() throws RefusedException {
        var request =
                DownloadRequest.of("http://me:pw@host/").header("authorization", "Bearer abc");
        assertThat(LinkSecret.of(request, Link.parse(request.link())).headers())
                .isEqualTo(Map.of("authorization", "Bearer abc"));
    }

    @Test
    void itsTextReadsBackAsItWas() throws RefusedException {
        var request =
                DownloadRequest.of("https://host:8443/x")
                        .header("Cookie", "a=b; c: d")
                        .header("X-Empty", "")
                        .linkPassword(" with spaces ");
        var secret = LinkSecret.of(request, Link.parse(request.link()));

        assertThat(LinkSecret.parse(secret.text())).isEqualTo(secret);
    }

    @Test
    void headersStayOnTheirOrigin() throws RefusedException {
        var secret = of("http://me:pw@host:81/");

        assertThat(secret.headersFor("http://host:81")).isNotEmpty();
        assertThat(secret.headersFor("http://host")).isEmpty();
        assertThat(secret.headersFor("https://host:81")).isEmpty();
    }

    @Test
    void nothingSecretIsNoSecret() throws RefusedException {
        assertThat(of("http://host/")).isEqualTo(LinkSecret.NONE);
    }

    @Test
    void lineBreaksAreRefusedAndNeverWritten() {
        assertRefused(DownloadRequest.of("http://host/").header("X", "a\r\nY: b"));
        assertRefused(DownloadRequest.of("http://host/").header("X\nY", "a"));
        assertRefused(DownloadRequest.of("http://host/").header("", "a"));
        assertRefused(DownloadRequest.of("http://host/").linkPassword("a\nheader X: y"));
        assertRefused(DownloadRequest.of("http://me:p%0Aw@host/"));
        assertRefused(DownloadRequest.of("http://me:p%zzw@host/"));
    }

    @Test
    void s7_noTextOfItShowsASecret() throws RefusedException {
        assertThat(of("http://me:canary@host/").toString()).doesNotContain("canary", "Basic");
    }

    private static LinkSecret of(String link) throws RefusedException {
        return LinkSecret.of(DownloadRequest.of(link), Link.parse(link));
    }

    private static void assertRefused(DownloadRequest request) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> LinkSecret.of(request, Link.parse(request.link())))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("a\r", "p%0A"));
    }
}
