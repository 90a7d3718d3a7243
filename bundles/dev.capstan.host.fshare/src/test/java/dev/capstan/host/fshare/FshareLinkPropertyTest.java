package dev.capstan.host.fshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

class FshareLinkPropertyTest {
    @Property(tries = 100)
    void whateverStandsInPlaceOfACodeNeverThrows(@ForAll @StringLength(max = 60) String text) {
        var link = FshareLink.parse("https://www.fshare.vn/file/" + text, Set.of(FshareLink.HOST));

        assertThat(link.map(FshareLink::canonical).orElse(""))
                .matches("|https://www\\.fshare\\.vn/file/[A-Z0-9]{1,32}");
    }
}
