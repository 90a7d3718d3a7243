package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * The configurations that features bring. What the operator configured wins, value by value, and is
 * what stays when the feature goes.
 */
final class Configurations {
    private final ConfigurationAdmin admin;

    /** For each feature and PID what was there before; empty for nothing. */
    private final Map<String, Map<String, Dictionary<String, Object>>> before = new HashMap<>();

    Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** The features that have theirs. */
    Set<String> features() {
        return Set.copyOf(before.keySet());
    }

    /** Sets a feature's configurations, in place of those it had. */
    void apply(String feature, Map<String, FeatureConfiguration> wanted) throws FeatureException {
        remove(feature);
        var replaced = new LinkedHashMap<String, Dictionary<String, Object>>();
        before.put(feature, replaced);
        try {
            for (var pid : wanted.keySet()) {
                var configuration = configuration(pid);
                var operators = configuration.getProperties();
                replaced.put(pid, operators == null ? new Hashtable<>() : operators);
                configuration.updateIfDifferent(merged(wanted.get(pid), replaced.get(pid)));
            }
        } catch (IOException e) {
            throw unwritten(feature, e);
        }
    }

    /** Puts back what was there before a feature. */
    void remove(String feature) throws FeatureException {
        var replaced = before.remove(feature);
        if (replaced == null) {
            return;
        }
        try {
            for (var entry : replaced.entrySet()) {
                var configuration = configuration(entry.getKey());
                if (entry.getValue().isEmpty()) {
                    configuration.delete();
                } else {
                    configuration.updateIfDifferent(entry.getValue());
                }
            }
        } catch (IOException e) {
            throw unwritten(feature, e);
        }
    }

    private Configuration configuration(String pid) throws IOException {
        var tilde = pid.indexOf('~');
        return tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(
                        pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }

    private static Dictionary<String, Object> merged(
            FeatureConfiguration wanted, Dictionary<String, Object> operators) {
        var merged = new Hashtable<String, Object>();
        wanted.getValues()
                .forEach(
                        (key, value) -> {
                            if (value != null) {
                                merged.put(key, value);
                            }
                        });
        for (var key : Collections.list(operators.keys())) {
            merged.put(key, operators.get(key));
        }
        return merged;
    }

    private static FeatureException unwritten(String feature, IOException e) {
        return new FeatureException(
                Reason.IO, "The configuration of " + feature + " cannot be written", e);
    }
}
