package dev.capstan.launcher;

import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/**
 * What the bundles of the distribution say of their configuration, to check values against before
 * anything starts.
 *
 * <p>The index has {@code PID=single} or {@code PID=factory}, and for each attribute {@code
 * PID|KEY} with what {@link Attribute#of} reads.
 */
final class Metatype {

    private final Properties index;
    private final List<String> own;

    /**
     * Takes the index.
     *
     * @param own beginnings of the PIDs that are all in the index, so that any other is a mistake
     */
    Metatype(Properties index, List<String> own) {
        this.index = index;
        this.own = own;
    }

    /** The value as its attribute wants it; unchanged where nothing is known of its PID. */
    Value check(String pid, String key, Value given) throws MistakeException {
        var tilde = pid.indexOf('~');
        var described = tilde < 0 ? pid : pid.substring(0, tilde);
        var kind = index.getProperty(described);
        if (kind == null) {
            refuseUnknown(described);
            return given;
        }
        if (kind.equals("factory") && tilde < 0) {
            throw new MistakeException(
                    pid + " is one of many: name yours, as in " + pid + "~main.");
        }
        if (kind.equals("single") && tilde >= 0) {
            throw new MistakeException(
                    described + " exists once: leave out " + pid.substring(tilde) + ".");
        }
        var attribute = index.getProperty(described + "|" + key);
        if (attribute == null) {
            var known = keys(described);
            var nearest =
                    Plain.nearest(key, known)
                            .map(name -> "did you mean " + name + "?")
                            .orElse("it knows " + String.join(", ", known) + ".");
            throw new MistakeException(described + " knows no " + key + "; " + nearest);
        }
        return Attribute.of(described + ":" + key, attribute).check(given);
    }

    private void refuseUnknown(String pid) throws MistakeException {
        if (own.stream().anyMatch(pid::startsWith)) {
            throw new MistakeException(
                    "Nothing is configured by %s%s"
                            .formatted(
                                    pid,
                                    Plain.nearest(pid, pids())
                                            .map(name -> "; did you mean " + name + "?")
                                            .orElse(".")));
        }
    }

    private TreeSet<String> pids() {
        var pids = new TreeSet<>(index.stringPropertyNames());
        pids.removeIf(name -> name.contains("|"));
        return pids;
    }

    private TreeSet<String> keys(String pid) {
        var keys = new TreeSet<String>();
        for (var name : index.stringPropertyNames()) {
            if (name.startsWith(pid + "|")) {
                keys.add(name.substring(pid.length() + 1));
            }
        }
        return keys;
    }
}
