package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Text;
import java.util.AbstractList;
import java.util.List;

/** What the doctor found: a line for each finding, below it what to do. */
final class Diagnosis extends AbstractList<Doctor.Result> implements Shown {
    private final List<Doctor.Result> results;

    Diagnosis(List<Doctor.Result> results) {
        this.results = List.copyOf(results);
    }

    @Override
    public Doctor.Result get(int index) {
        return results.get(index);
    }

    @Override
    public int size() {
        return results.size();
    }

    @Override
    public String render(int width, Style style) {
        var part = 0;
        for (var result : results) {
            part = Math.max(part, Text.width(result.part()));
        }
        var text = new StringBuilder();
        for (var result : results) {
            var finding = result.finding();
            var mark =
                    switch (finding.level()) {
                        case OK -> "well     ";
                        case WARNING -> "look at  ";
                        case FAILED -> "broken   ";
                    };
            text.append(style.apply(result.tint(), mark));
            text.append(Text.left(Text.clean(result.part()), part)).append("  ");
            text.append(Text.clean(finding.message())).append('\n');
            if (finding.remedy() != null) {
                text.append(Text.spaces(mark.length() + part + 2));
                text.append("> ").append(Text.clean(finding.remedy())).append('\n');
            }
        }
        return text.toString();
    }
}
