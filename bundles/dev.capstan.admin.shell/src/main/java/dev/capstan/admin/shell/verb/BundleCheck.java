package dev.capstan.admin.shell.verb;

import dev.capstan.feature.Features;
import dev.capstan.health.HealthCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Names the bundles that do not run, and the components that wait, with what each is missing. */
record BundleCheck(BundleContext context, @Nullable Features features) implements HealthCheck {
    private static final String OWN = "dev.capstan.";

    @Override
    public List<Finding> check(boolean thorough) {
        var findings = new ArrayList<Finding>();
        var bundles = context.getBundles();
        if (features != null) {
            findings.addAll(told(features));
        } else {
            Arrays.stream(bundles)
                    .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
                    .forEach(bundle -> findings.add(unresolved(bundle)));
        }
        waiting(findings);
        if (findings.isEmpty()) {
            findings.add(Finding.ok("All " + bundles.length + " bundles have what they need."));
        }
        return findings;
    }

    /** In the words of the installer, which knows what each bundle needs (H6). */
    private static List<Finding> told(Features features) {
        return features.bundles().stream()
                .flatMap(bundle -> Stream.ofNullable(bundle.problem()))
                .distinct()
                .map(
                        problem ->
                                Finding.failed(
                                        problem + ".",
                                        "Install what provides it, or a version that fits, or"
                                                + " remove the bundle."))
                .toList();
    }

    private static Finding unresolved(Bundle bundle) {
        return Finding.failed(
                bundle.getSymbolicName()
                        + " "
                        + bundle.getVersion()
                        + " does not run: something it needs is not here.",
                "Where the feature \"plugins\" runs, \"capstan features --bundles\" names it.");
    }

    /** Our own components say best which of our services is not there, and why. */
    private void waiting(List<Finding> findings) {
        var reference = context.getServiceReference(ServiceComponentRuntime.class);
        var runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return;
        }
        for (var component : runtime.getComponentDescriptionDTOs()) {
            if (component.bundle.symbolicName.startsWith(OWN)) {
                var missing = missing(component, runtime);
                if (!missing.isEmpty()) {
                    findings.add(
                            Finding.failed(
                                    component.name
                                            + " waits for "
                                            + String.join(", ", missing)
                                            + ".",
                                    "Start the bundle that provides it, or find out why it stopped."));
                }
            }
        }
        context.ungetService(reference);
    }

    /** The services of ours that a component needs and that are not there. */
    private static Set<String> missing(
            ComponentDescriptionDTO component, ServiceComponentRuntime runtime) {
        var missing = new TreeSet<String>();
        for (var configuration : runtime.getComponentConfigurationDTOs(component)) {
            if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                for (var unsatisfied : configuration.unsatisfiedReferences) {
                    for (var reference : component.references) {
                        if (reference.name.equals(unsatisfied.name)
                                && reference.interfaceName.startsWith(OWN)) {
                            missing.add(reference.interfaceName);
                        }
                    }
                }
            }
        }
        return missing;
    }
}
