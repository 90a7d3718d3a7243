package dev.capstan.host.fshare;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Parts of messages by which a cause is known; case and diacritics do not count. */
final class Phrases {
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private final List<String> parts;

    Phrases(String... parts) {
        this.parts = Stream.of(parts).map(Phrases::plain).filter(part -> !part.isBlank()).toList();
    }

    boolean isIn(String message) {
        var plain = plain(message);
        return parts.stream().anyMatch(plain::contains);
    }

    private static String plain(String text) {
        var decomposed = Normalizer.normalize(text, Form.NFD);
        // The one letter of Vietnamese that does not decompose.
        return MARKS.matcher(decomposed)
                .replaceAll("")
                .toLowerCase(Locale.ROOT)
                .replace('đ', 'd')
                .strip();
    }
}
