package dev.capstan.host.direct;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.metalink.spi.MetalinkDocument;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MetalinkDocumentPropertyTest {
    private static final byte[] DOCUMENT =
            """
            <?xml version='1.0' encoding='UTF-8'?>
            <metalink xmlns='urn:ietf:params:xml:ns:metalink'>
              <file name='a/b.iso'><size>7</size>
                <hash type='md5'>0123456789abcdef0123456789abcdef</hash>
                <pieces length='4' type='md5'>
                  <hash>0123456789abcdef0123456789abcdef</hash>
                  <hash>0123456789abcdef0123456789abcdef</hash>
                </pieces>
                <url priority='1'>https://one.example/b.iso</url>&amp;<!-- c --><![CDATA[d]]>
              </file>
            </metalink>
            """
                    .strip()
                    .getBytes(UTF_8);

    @Property(tries = 5000)
    void whateverComesItIsReadOrRefused(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int changes) {
        var random = new Random(seed);
        var document = DOCUMENT.clone();
        for (var i = 0; i < changes; i++) {
            var to = random.nextInt(document.length);
            if (random.nextBoolean()) {
                document[to] = (byte) random.nextInt(256);
            } else {
                var from = random.nextInt(document.length);
                var count = Math.min(random.nextInt(30), document.length - Math.max(from, to));
                System.arraycopy(DOCUMENT, from, document, to, count);
            }
        }
        try {
            for (var file : MetalinkDocument.parse(document)) {
                assertThat(file.name()).isNotBlank().doesNotStartWith("/").doesNotContain("\\");
                assertThat(file.name().split("/")).doesNotContain("..", ".", "");
                assertThat(file.addresses())
                        .allMatch(uri -> uri.getScheme().matches("https?"))
                        .allMatch(uri -> uri.getHost() != null);
            }
        } catch (DownloadException e) {
            assertThat(e.errorClass()).isEqualTo(ErrorClass.PROTOCOL);
        }
    }
}
