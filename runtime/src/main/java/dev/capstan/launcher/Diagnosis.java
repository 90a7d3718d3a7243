package dev.capstan.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Says in plain sentences what is missing where bundles are not at work. */
final class Diagnosis {

    private static final Pattern VERSION = Pattern.compile("\\(version>=([^)]+)\\)");

    private Diagnosis() {}

    /** One sentence for each thing that is missing, the causes and not what follows from them. */
    static List<String> of(BundleContext context) {
        var sentences = new ArrayList<String>();
        for (var bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.INSTALLED) {
                sentences.addAll(missing(bundle, context));
            }
        }
        sentences.addAll(Components.missing(context));
        return sentences;
    }

    /** What no bundle here offers of that which a bundle requires. */
    static List<String> missing(Bundle bundle, BundleContext context) {
        var revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return List.of();
        }
        var sentences = new ArrayList<String>();
        for (var requirement : revision.getDeclaredRequirements(null)) {
            if (mandatory(requirement) && !offered(requirement, context)) {
                sentences.add(sentence(bundle, requirement, context));
            }
        }
        return sentences;
    }

    private static boolean mandatory(BundleRequirement requirement) {
        var directives = requirement.getDirectives();
        return !"optional".equals(directives.get("resolution"))
                && "resolve".equals(directives.getOrDefault("effective", "resolve"));
    }

    private static boolean offered(BundleRequirement requirement, BundleContext context) {
        for (var bundle : context.getBundles()) {
            var revision = bundle.adapt(BundleRevision.class);
            for (var capability : revision.getDeclaredCapabilities(requirement.getNamespace())) {
                if (requirement.matches(capability)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String sentence(
            Bundle bundle, BundleRequirement requirement, BundleContext context) {
        var namespace = requirement.getNamespace();
        var filter = requirement.getDirectives().getOrDefault("filter", "");
        var kind = namespace.substring(namespace.lastIndexOf('.') + 1);
        var named =
                Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]+)\\)").matcher(filter);
        if (!named.find()) {
            return "%s needs %s %s, which nothing here offers."
                    .formatted(bundle.getSymbolicName(), kind, filter);
        }
        var version = VERSION.matcher(filter);
        var present = versions(namespace, named.group(1), context);
        return "%s needs %s %s%s, %s."
                .formatted(
                        bundle.getSymbolicName(),
                        kind,
                        named.group(1),
                        version.find() ? " " + version.group(1) : "",
                        present.isEmpty()
                                ? "which nothing here offers"
                                : "this host has " + String.join(" and ", present));
    }

    private static TreeSet<String> versions(String namespace, String name, BundleContext context) {
        var versions = new TreeSet<String>();
        for (var bundle : context.getBundles()) {
            var revision = bundle.adapt(BundleRevision.class);
            for (var capability : revision.getDeclaredCapabilities(namespace)) {
                if (name.equals(capability.getAttributes().get(namespace))) {
                    versions.add(String.valueOf(capability.getAttributes().get("version")));
                }
            }
        }
        return versions;
    }
}
