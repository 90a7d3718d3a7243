package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.admin.shell.verb.Rendering;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Shows the verbs' answers in Gogo's pipes, as wide as they are and without colours, and lets a
 * download or a batch stand for its id where a command wants one.
 */
@Component(
        service = Converter.class,
        immediate = true,
        property = {
            Converter.CONVERTER_CLASSES + "=dev.capstan.download.Download",
            Converter.CONVERTER_CLASSES + "=dev.capstan.download.Batch"
        })
public final class GogoTables implements Converter {

    /**
     * Creates the converter.
     *
     * @param gogo makes sure that there is Gogo before this class is loaded
     */
    @Activate
    public GogoTables(@Reference CommandProcessor gogo) {}

    @Override
    public @Nullable Object convert(Class<?> desiredType, Object in) {
        return desiredType == String.class && (in instanceof Download || in instanceof Batch)
                ? text(in)
                : null;
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        if (level == INSPECT) {
            var shown = Rendering.of(target);
            return shown == null ? null : shown.render(0, Style.PLAIN).stripTrailing();
        }
        if (target instanceof Download download) {
            return level == PART
                    ? download.id()
                    : download.id() + " " + Words.state(download) + " " + Words.name(download);
        }
        return target instanceof Batch batch ? batch.id() + " " + batch.name() : null;
    }

    /** What a command reads where an object stands among its words. */
    static String text(Object word) {
        if (word instanceof Download download) {
            return download.id();
        }
        return word instanceof Batch batch ? batch.id() : String.valueOf(word);
    }
}
