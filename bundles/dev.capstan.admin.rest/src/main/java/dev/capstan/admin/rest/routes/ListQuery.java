package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadQuery.Sort;
import dev.capstan.download.DownloadState;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which downloads a list is asked for. */
final class ListQuery {
    private static final int LONGEST_TEXT = 1000;

    private ListQuery() {}

    static DownloadQuery of(Call call) throws ProblemException {
        call.query("state", "batch", "category", "host", "q", "sort", "order", "limit", "cursor");
        return new DownloadQuery(
                states(call),
                text(call, "batch"),
                text(call, "category"),
                text(call, "host"),
                text(call, "q"),
                constant(Sort.class, "sort", call.value("sort").orElse("added")),
                isDescending(call),
                call.number("limit", 1, DownloadQuery.MAX_LIMIT, DownloadQuery.DEFAULT_LIMIT),
                text(call, "cursor"));
    }

    private static Set<DownloadState> states(Call call) throws ProblemException {
        var states = EnumSet.noneOf(DownloadState.class);
        for (var word : call.values("state")) {
            states.add(constant(DownloadState.class, "state", word));
        }
        return states;
    }

    private static boolean isDescending(Call call) throws ProblemException {
        return switch (call.value("order").orElse("asc")) {
            case "asc" -> false;
            case "desc" -> true;
            default -> throw ProblemException.malformed("\"order\" is either asc or desc.");
        };
    }

    /** Empty is the same as absent, since forms send what is left empty. */
    private static @Nullable String text(Call call, String name) throws ProblemException {
        var text = call.value(name).filter(value -> !value.isEmpty()).orElse(null);
        if (text != null && text.length() > LONGEST_TEXT) {
            throw ProblemException.malformed("\"" + name + "\" is too long.");
        }
        return text;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name, String word)
            throws ProblemException {
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equals(word.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        var words =
                String.join(
                        ", ",
                        EnumSet.allOf(type).stream()
                                .map(
                                        each ->
                                                name.equals("state")
                                                        ? each.name()
                                                        : each.name().toLowerCase(Locale.ROOT))
                                .toList());
        throw ProblemException.malformed("\"" + name + "\" is one of " + words + ".");
    }
}
