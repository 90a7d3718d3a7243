package dev.capstan.admin.rest.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request. Whatever it holds that was not asked for, or of another type, is
 * refused by name; what is null counts as not given. Immutable.
 */
public final class Body {
    static final Body EMPTY = new Body("", Map.of());

    private final String path;
    private final Map<String, @Nullable Object> values;

    private Body(String path, Map<String, @Nullable Object> values) {
        this.path = path;
        this.values = values;
    }

    /**
     * Reads one object of known properties.
     *
     * @param bytes JSON in UTF-8
     * @param known properties it may have
     */
    public static Body read(byte[] bytes, String... known) throws ProblemException {
        return new Body("", StrictJson.read(bytes)).only(known);
    }

    private Body only(String... known) throws ProblemException {
        var names = Set.copyOf(Arrays.asList(known));
        for (var name : values.keySet()) {
            if (!names.contains(name)) {
                throw ProblemException.malformed(
                        "There is no property \"" + path + StrictJson.shown(name) + "\".");
            }
        }
        return this;
    }

    /** Whether a property is given. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** Whether a property is a text. */
    public boolean isText(String name) {
        return values.get(name) instanceof String;
    }

    /** A text. */
    public Optional<String> text(String name) throws ProblemException {
        return value(name, String.class, "a text");
    }

    /** A text that has to be there. */
    public String mandatoryText(String name) throws ProblemException {
        return text(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(
                        () -> ProblemException.malformed("\"" + path + name + "\" is missing."));
    }

    /** Whether something is to be; false where it is not given. */
    public boolean flag(String name) throws ProblemException {
        return value(name, Boolean.class, "true or false").orElse(false);
    }

    /** A whole number within bounds. */
    public OptionalLong number(String name, long least, long most) throws ProblemException {
        var value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return OptionalLong.of(number);
        }
        throw wrong(name, "a whole number from " + least + " to " + most);
    }

    /** A whole number within bounds. */
    public OptionalInt integer(String name, int least, int most) throws ProblemException {
        var number = number(name, least, most);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /** Texts; empty where they are not given. */
    public List<String> texts(String name) throws ProblemException {
        var texts = new ArrayList<String>();
        for (var value : value(name, List.class, "a list of texts").orElse(List.of())) {
            if (!(value instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** Texts by name; empty where they are not given. */
    public Map<String, String> textsByName(String name) throws ProblemException {
        var texts = new LinkedHashMap<String, String>();
        for (var entry : value(name, Map.class, "an object of texts").orElse(Map.of()).entrySet()) {
            var pair = (Map.Entry<?, ?>) entry;
            if (!(pair.getKey() instanceof String key)
                    || !(pair.getValue() instanceof String text)) {
                throw wrong(name, "an object of texts");
            }
            texts.put(key, text);
        }
        return texts;
    }

    /**
     * An object in it.
     *
     * @param known properties it may have
     */
    @SuppressWarnings("unchecked") // objects are read with texts as names
    public Optional<Body> object(String name, String... known) throws ProblemException {
        var object = value(name, Map.class, "an object");
        return object.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Body(path + name + ".", (Map<String, @Nullable Object>) object.get())
                                .only(known));
    }

    /**
     * Objects by name; empty where they are not given.
     *
     * @param known properties each may have
     */
    @SuppressWarnings("unchecked") // objects are read with texts as names
    public Map<String, Body> objectsByName(String name, String... known) throws ProblemException {
        var objects = new LinkedHashMap<String, Body>();
        for (var entry :
                value(name, Map.class, "an object of objects").orElse(Map.of()).entrySet()) {
            var pair = (Map.Entry<String, @Nullable Object>) entry;
            if (!(pair.getValue() instanceof Map<?, ?> object)) {
                throw wrong(name, "an object of objects");
            }
            var inside = path + name + "." + StrictJson.shown(pair.getKey()) + ".";
            objects.put(
                    pair.getKey(),
                    new Body(inside, (Map<String, @Nullable Object>) object).only(known));
        }
        return objects;
    }

    /** Lists of texts by name; empty where they are not given. */
    @SuppressWarnings("unchecked") // objects are read with texts as names
    public Map<String, List<String>> textListsByName(String name) throws ProblemException {
        var values = value(name, Map.class, "an object of lists of texts").orElse(Map.of());
        var inside = new Body(path + name + ".", (Map<String, @Nullable Object>) values);
        var lists = new LinkedHashMap<String, List<String>>();
        for (var key : inside.values.keySet()) {
            lists.put(key, inside.texts(key));
        }
        return lists;
    }

    /** An object that has to be there, as JSON with all that is in it, for whoever knows it. */
    public String mandatoryJson(String name) throws ProblemException {
        return json(name)
                .orElseThrow(
                        () -> ProblemException.malformed("\"" + path + name + "\" is missing."));
    }

    /** An object as JSON with all that is in it, for whoever knows it. */
    public Optional<String> json(String name) throws ProblemException {
        return value(name, Map.class, "an object").map(object -> StrictJson.text(object));
    }

    private <T> Optional<T> value(String name, Class<T> type, String words)
            throws ProblemException {
        var value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw wrong(name, words);
        }
        return Optional.of(type.cast(value));
    }

    private ProblemException wrong(String name, String words) {
        return ProblemException.malformed("\"" + path + name + "\" has to be " + words + ".");
    }
}
