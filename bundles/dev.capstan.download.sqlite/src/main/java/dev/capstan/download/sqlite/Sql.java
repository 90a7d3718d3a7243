package dev.capstan.download.sqlite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that is put together, with the values of its question marks. */
final class Sql {
    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    Sql add(String part, @Nullable Object... partValues) {
        text.append(part).append(' ');
        values.addAll(Arrays.asList(partValues));
        return this;
    }

    Sql add(Sql part) {
        text.append(part.text);
        values.addAll(part.values);
        return this;
    }

    String text() {
        return text.toString();
    }

    @Nullable Object[] values() {
        return values.toArray();
    }
}
