package dev.capstan.admin.shell.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.gogo.jline.ParsedLineImpl;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptParserTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "add http://h/a?b=1&c=%20#d | add 'http://h/a?b=1&c=%20#d'",
                "add http://h/a ftp://h/b | add 'http://h/a' 'ftp://h/b'",
                "(add http://h/a) get 0 | (add 'http://h/a') get 0",
                "add http://h/a_(b) | add 'http://h/a_(b)'",
                "(add http://h/a_(b)) | (add 'http://h/a_(b)')",
                "each [1 2] { add http://h/a } | each [1 2] { add 'http://h/a' }",
                "add http://h/a; ls | add 'http://h/a'; ls",
                "add 'http://h/a b' | add 'http://h/a b'",
                "add \"http://h/$it?x\" | add \"http://h/$it?x\"",
                "add http://h/$it | add http://h/$it",
                "add --header=x:y -o a http://h | add --header=x:y -o a 'http://h'",
                "ls -s FAILED | ls -s FAILED",
                "echo \"unclosed http://h | echo \"unclosed http://h"
            })
    void aPastedLinkStandsForItself(String line, String quoted) {
        assertThat(PromptParser.quoteLinks(line)).isEqualTo(quoted);
    }

    @Test
    void aPipeEndsALink() {
        assertThat(PromptParser.quoteLinks("add http://h/a|grep b"))
                .isEqualTo("add 'http://h/a'|grep b");
    }

    @Test
    void onlyALineThatIsAboutToRunIsChanged() {
        var parser = new PromptParser();
        var line = "add http://h/a?b";
        var running = (ParsedLineImpl) parser.parse(line, line.length(), ParseContext.ACCEPT_LINE);
        assertThat(running.program()).hasToString("add 'http://h/a?b'");
        var typed = (ParsedLineImpl) parser.parse(line, line.length(), ParseContext.COMPLETE);
        assertThat(typed.words()).containsExactly("add", "http://h/a?b");
    }
}
