package dev.capstan.admin.shell.verb;

import dev.capstan.health.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Names the bundles that do not run, and the components that wait, with what each is missing. */
record BundleCheck(BundleContext context) implements HealthCheck {
    private static final String OWN = "dev.capstan.";

    @Override
    public List<Finding> check(boolean thorough) {
        var findings = new ArrayList<Finding>();
        var bundles = context.getBundles();
        for (var bundle : bundles) {
            if (bundle.getState() == Bundle.INSTALLED) {
                findings.add(unresolved(bundle));
            }
        }
        waiting(findings);
        if (findings.isEmpty()) {
            findings.add(Finding.ok("All " + bundles.length + " bundles have what they need."));
        }
        return findings;
    }

    private Finding unresolved(Bundle bundle) {
        var missing = new StringJoiner("; ");
        var revision = bundle.adapt(BundleRevision.class);
        var wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        if (revision != null && wiring != null) {
            for (var requirement : revision.getDeclaredRequirements(null)) {
                if (isMandatory(requirement) && wiring.findProviders(requirement).isEmpty()) {
                    missing.add(words(requirement));
                }
            }
        }
        var why =
                missing.length() == 0
                        ? " does not fit the bundles that are here."
                        : " does not run: it needs " + missing + ".";
        return Finding.failed(
                bundle.getSymbolicName() + " " + bundle.getVersion() + why,
                "Install a bundle that provides it, or remove this one.");
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        var directives = requirement.getDirectives();
        var effective = directives.get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        var resolution = directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        return !Namespace.RESOLUTION_OPTIONAL.equals(resolution)
                && !"dynamic".equals(resolution)
                && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE));
    }

    private static String words(BundleRequirement requirement) {
        var filter = requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        var what =
                switch (requirement.getNamespace()) {
                    case PackageNamespace.PACKAGE_NAMESPACE -> "package";
                    case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> "Java";
                    case HostNamespace.HOST_NAMESPACE -> "its host bundle";
                    default -> requirement.getNamespace();
                };
        return filter == null ? what : what + " " + filter;
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
