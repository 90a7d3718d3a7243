package dev.capstan.admin.rest.settings;

import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.json.Fields;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.AttributeDefinition;

/**
 * One thing that can be configured.
 *
 * @param attribute as its owner describes it
 */
public record Setting(AttributeDefinition attribute) {

    /** Its name in the configuration. */
    public String name() {
        return attribute.getID();
    }

    private boolean isSecret() {
        return attribute.getType() == AttributeDefinition.PASSWORD;
    }

    private boolean isMany() {
        return attribute.getCardinality() != 0;
    }

    private String type() {
        return switch (attribute.getType()) {
            case AttributeDefinition.BOOLEAN -> "boolean";
            case AttributeDefinition.LONG,
                    AttributeDefinition.INTEGER,
                    AttributeDefinition.SHORT,
                    AttributeDefinition.BYTE ->
                    "integer";
            case AttributeDefinition.DOUBLE, AttributeDefinition.FLOAT -> "number";
            default -> "string";
        };
    }

    /**
     * As it is told.
     *
     * @param value what it is configured to, or null where its default holds
     */
    JsonObject json(@Nullable Object value) {
        var fields =
                new Fields()
                        .put("name", name())
                        .put("label", attribute.getName())
                        .put("description", attribute.getDescription())
                        .put("type", type())
                        .put("many", isMany())
                        .put("secret", isSecret())
                        .put("isSet", value != null);
        var options = attribute.getOptionValues();
        if (options != null && options.length > 0) {
            fields.put("options", Fields.texts(List.of(options)));
        }
        if (!isSecret()) {
            fields.put("value", json(shown(value)));
        }
        return fields.object();
    }

    /** A value as texts; its default where it has none. */
    List<String> shown(@Nullable Object value) {
        return value == null ? usual() : texts(value);
    }

    /** What is empty by default is described as one empty text. */
    private List<String> usual() {
        var usual = attribute.getDefaultValue();
        return usual == null || (isMany() && usual.length == 1 && usual[0].isEmpty())
                ? List.of()
                : List.of(usual);
    }

    private static List<String> texts(Object value) {
        var texts = new ArrayList<String>();
        if (value instanceof Iterable<?> many) {
            many.forEach(one -> texts.add(String.valueOf(one)));
        } else if (value.getClass().isArray()) {
            for (var i = 0; i < Array.getLength(value); i++) {
                texts.add(String.valueOf(Array.get(value, i)));
            }
        } else {
            texts.add(String.valueOf(value));
        }
        return texts;
    }

    private @Nullable JsonValue json(List<String> texts) {
        if (isMany()) {
            return Fields.texts(texts);
        }
        return texts.isEmpty() ? null : json(texts.get(0));
    }

    private JsonValue json(String text) {
        return switch (type()) {
            case "boolean" -> Boolean.parseBoolean(text) ? JsonValue.TRUE : JsonValue.FALSE;
            case "integer" ->
                    text.matches("-?\\d{1,18}")
                            ? Json.createValue(Long.parseLong(text))
                            : Json.createValue(text);
            default -> Json.createValue(text);
        };
    }

    /** The value a body gives it; never repeated in a refusal where it is a secret. */
    public Object read(Body body) throws ProblemException {
        if (isMany()) {
            var texts = body.texts(name());
            for (var text : texts) {
                check(text);
            }
            return texts.toArray(String[]::new);
        }
        return switch (attribute.getType()) {
            case AttributeDefinition.BOOLEAN -> body.flag(name());
            case AttributeDefinition.LONG -> number(body);
            case AttributeDefinition.INTEGER -> (int) number(body);
            case AttributeDefinition.STRING, AttributeDefinition.PASSWORD ->
                    check(body.text(name()).orElse(""));
            default ->
                    throw ProblemException.malformed(
                            "\"" + name() + "\" cannot be changed here; the console can.");
        };
    }

    private long number(Body body) throws ProblemException {
        var isInt = attribute.getType() == AttributeDefinition.INTEGER;
        var least = isInt ? Integer.MIN_VALUE : Long.MIN_VALUE;
        var most = isInt ? Integer.MAX_VALUE : Long.MAX_VALUE;
        var number = body.number(name(), least, most).orElseThrow();
        check(Long.toString(number));
        return number;
    }

    private String check(String text) throws ProblemException {
        var complaint = attribute.validate(text);
        if (complaint != null && !complaint.isEmpty()) {
            var what = isSecret() ? "its value" : "\"" + text + "\"";
            throw ProblemException.malformed(
                    "\"%s\" cannot be %s: it is out of its range or none of its options."
                            .formatted(name(), what));
        }
        return text;
    }
}
