package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.admin.shell.get.InputFile.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputFileTest {

    @Test
    void linksAndTheirOptionsAreRead() throws Exception {
        var text =
                """
                # comment

                http://h/a
                  out=a.iso
                \theader=Cookie: a=b
                   # comment within
                  header=X: y
                http://h/b\thttp://mirror/b
                  \s
                http://h/c with space
                """;
        assertThat(read(text))
                .containsExactly(
                        new Entry(
                                3,
                                "http://h/a",
                                List.of("--out=a.iso", "--header=Cookie: a=b", "--header=X: y")),
                        new Entry(8, "http://h/b", List.of()),
                        new Entry(10, "http://h/c with space", List.of()));
    }

    @Test
    void lineEndsOfOtherSystemsAndAMarkAreNothing() throws Exception {
        assertThat(read("\uFEFFhttp://h/a\r\n  out=a\r\nhttp://h/b"))
                .containsExactly(
                        new Entry(1, "http://h/a", List.of("--out=a")),
                        new Entry(3, "http://h/b", List.of()));
        assertThat(read("")).isEmpty();
    }

    @Test
    void optionsNeedALink() {
        assertThatThrownBy(() -> read("\n out=x\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("line 2 is indented and follows no link");
    }

    private static List<Entry> read(String text) throws IOException {
        return InputFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
