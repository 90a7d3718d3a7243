package dev.capstan.feature.provider;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** Says in plain words what a bundle needs that is not here (H6). */
final class Missing {
    private static final Pattern FLOOR = Pattern.compile("(?<!\\(!)\\(version>=([^)]+)\\)");
    private static final Pattern CEILING = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    private final BundleContext context;
    private final FrameworkWiring wiring;

    Missing(BundleContext context, FrameworkWiring wiring) {
        this.context = context;
        this.wiring = wiring;
    }

    /** What keeps a bundle from being resolved: the causes, and not what follows from them. */
    List<String> of(Bundle bundle) {
        var sentences = new LinkedHashSet<String>();
        collect(bundle, sentences, new HashSet<>());
        return List.copyOf(sentences);
    }

    /** What a bundle called {@code name} would miss if it were here in the place of a revision. */
    List<String> of(BundleRevision revision, String name) {
        var sentences = new ArrayList<String>();
        for (var requirement : mandatory(revision)) {
            if (wiring.findProviders(requirement).isEmpty()) {
                sentences.add(sentence(name, requirement));
            }
        }
        return sentences;
    }

    private void collect(Bundle bundle, Set<String> sentences, Set<Bundle> seen) {
        var revision = bundle.adapt(BundleRevision.class);
        if (revision == null || bundle.getState() != Bundle.INSTALLED || !seen.add(bundle)) {
            return;
        }
        sentences.addAll(of(revision, bundle.getSymbolicName()));
        for (var requirement : mandatory(revision)) {
            var providers = wiring.findProviders(requirement);
            if (providers.stream().noneMatch(p -> p.getRevision().getWiring() != null)) {
                providers.forEach(p -> collect(p.getRevision().getBundle(), sentences, seen));
            }
        }
    }

    private static List<BundleRequirement> mandatory(BundleRevision revision) {
        return revision.getDeclaredRequirements(null).stream()
                .filter(
                        requirement ->
                                !Namespace.RESOLUTION_OPTIONAL.equals(
                                        directive(requirement, Constants.RESOLUTION_DIRECTIVE)))
                .filter(
                        requirement ->
                                !PackageNamespace.RESOLUTION_DYNAMIC.equals(
                                        directive(requirement, Constants.RESOLUTION_DIRECTIVE)))
                .filter(
                        requirement -> {
                            var effective = directive(requirement, Constants.EFFECTIVE_DIRECTIVE);
                            return effective == null
                                    || effective.equals(Namespace.EFFECTIVE_RESOLVE);
                        })
                .toList();
    }

    private static @Nullable String directive(BundleRequirement requirement, String name) {
        return requirement.getDirectives().get(name);
    }

    private String sentence(String bundle, BundleRequirement requirement) {
        var namespace = requirement.getNamespace();
        var filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            var java = group(Pattern.compile("\\(version>?=([^)]+)\\)"), filter);
            return "%s needs Java %s, this host has Java %d"
                    .formatted(bundle, java == null ? filter : java, Runtime.version().feature());
        }
        var name = group(Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]+)\\)"), filter);
        if (name == null) {
            return "%s needs %s %s, which nothing here offers".formatted(bundle, namespace, filter);
        }
        var present = versions(namespace, name);
        return "%s needs %s%s%s, %s"
                .formatted(
                        bundle,
                        namespace.equals(PackageNamespace.PACKAGE_NAMESPACE)
                                ? ""
                                : namespace.substring(namespace.lastIndexOf('.') + 1) + " ",
                        name,
                        range(filter, present),
                        present.isEmpty()
                                ? "which nothing here offers"
                                : "this host has " + text(present));
    }

    private static String range(String filter, TreeSet<Version> present) {
        var floor = group(FLOOR, filter);
        var ceiling = group(CEILING, filter);
        var tooNew =
                ceiling != null
                        && !present.isEmpty()
                        && present.first().compareTo(Version.parseVersion(ceiling)) >= 0;
        if (tooNew) {
            return " older than " + text(Version.parseVersion(ceiling));
        }
        return floor == null ? "" : " " + text(Version.parseVersion(floor));
    }

    private TreeSet<Version> versions(String namespace, String name) {
        var versions = new TreeSet<Version>();
        for (var bundle : context.getBundles()) {
            var revision = bundle.adapt(BundleRevision.class);
            if (revision == null || Trial.is(bundle)) {
                continue;
            }
            for (var capability : revision.getDeclaredCapabilities(namespace)) {
                var attributes = capability.getAttributes();
                if (name.equals(attributes.get(namespace))) {
                    var version = attributes.get(Constants.VERSION_ATTRIBUTE);
                    versions.add(version instanceof Version v ? v : Version.emptyVersion);
                }
            }
        }
        return versions;
    }

    private static String text(TreeSet<Version> versions) {
        return String.join(" and ", versions.stream().map(Missing::text).toList());
    }

    private static String text(Version version) {
        var hasMore = version.getMicro() != 0 || !version.getQualifier().isEmpty();
        return hasMore ? version.toString() : version.getMajor() + "." + version.getMinor();
    }

    private static @Nullable String group(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }
}
