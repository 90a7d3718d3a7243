package dev.capstan.transfer.http.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkFieldsTest {

    @Test
    void duplicatesAreOrderedByPriority() {
        assertThat(
                        duplicates(
                                "<http://c/f>; rel=duplicate",
                                "<http://b/f>; rel=\"duplicate\"; pri=2; geo=de,"
                                        + " </f?a=b;c,d> ; REL=\"x duplicate\" ; PRI=1",
                                "<http://x/f.meta4>; rel=describedby;"
                                        + " type=\"application/metalink4+xml\""))
                .containsExactly("/f?a=b;c,d", "http://b/f", "http://c/f");
    }

    @Test
    void quotesMayHoldWhatSeparates() {
        assertThat(
                        duplicates(
                                "<http://a/>; title=\"a, <http://evil/>; rel=duplicate\\\"\";"
                                        + " rel=duplicate"))
                .containsExactly("http://a/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://a/; rel=duplicate",
                "<http://a/>",
                "<http://a/>; rel",
                "<http://a/>; rel=next",
                "<http://a/>; rel=notduplicate",
                "<http://a/ rel=duplicate",
                "<http://a/>; rel=\"duplicate",
                "<http://a/>; rel=duplicate; anchor=\"/other\"",
                "; rel=duplicate",
            })
    void nothingElseIsOne(String value) {
        assertThat(duplicates(value)).isEmpty();
    }

    @Test
    void thereAreNoMoreThanSixteen() {
        var many =
                IntStream.range(0, 100)
                        .mapToObj(i -> "<http://a/" + i + ">; rel=duplicate")
                        .toArray(String[]::new);
        assertThat(duplicates(many)).hasSize(16);
    }

    @Property
    void whateverComesIsReadWithoutAFault(@ForAll String value) {
        assertThatCode(() -> duplicates("<" + value, value)).doesNotThrowAnyException();
    }

    @Test
    void aLongRowOfSpacesCostsLittle() {
        assertThat(duplicates("<a>;" + " ".repeat(16_000) + "=;".repeat(100))).isEmpty();
    }

    @Test
    void whatDescribesItIsToldByRelationAndType() {
        var type = "application/metalink4+xml";
        var values =
                List.of(
                        "<a>; rel=describedby; type=\"application/metalink4+xml\"",
                        "<b>; rel=describedby; type=\"text/html\", <c>; rel=describedby",
                        "<d>; rel=\"x DescribedBy\"; type=\"Application/Metalink4+XML\"; pri=1",
                        "<e>; rel=duplicate; type=\"application/metalink4+xml\"");

        assertThat(LinkFields.descriptions(values, type)).containsExactly("d", "a");
        assertThat(LinkFields.duplicates(values)).containsExactly("e");
    }

    private static List<String> duplicates(String... values) {
        return LinkFields.duplicates(List.of(values));
    }
}
