package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** R1, R2 over links that are nearly right. */
class ItemPropertyTest {

    @Property(tries = 1000)
    void neverThrowsAndTheCanonicalLinkIsItsOwn(@ForAll("links") String link) {
        Item.of(link)
                .ifPresent(
                        item -> {
                            assertThat(Item.of(item.link())).hasValue(item);
                            assertThat(item.link())
                                    .matches(
                                            "https://www\\.deezer\\.com/(track|album|playlist)"
                                                    + "/[1-9][0-9]{0,18}(\\?variant=\\w+)?");
                        });
    }

    @Provide
    Arbitrary<String> links() {
        var parts =
                Arbitraries.of(
                        "https://",
                        "www.deezer.com",
                        "deezer.com",
                        "/",
                        "track",
                        "album",
                        "_",
                        ":",
                        "deezer",
                        "12",
                        "0",
                        "9999999999",
                        "?variant=full",
                        "?",
                        "#",
                        "&",
                        "fr",
                        "%",
                        "@",
                        ".",
                        "\u0661",
                        "\n");
        return parts.list().ofMaxSize(8).map(list -> String.join("", list));
    }
}
