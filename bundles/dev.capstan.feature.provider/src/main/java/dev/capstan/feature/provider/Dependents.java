package dev.capstan.feature.provider;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.ServiceReferenceDTO;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.SatisfiedReferenceDTO;

/**
 * Who depends on a bundle: by classes, as the framework's wires tell, and by services, as the
 * component runtime does. A component that can do without a service, or that whoever has services
 * of a kind finds by itself, does not depend on it.
 *
 * <p>Safe for any number of threads; what it tells is true for the moment it looks.
 */
final class Dependents {
    private final BundleContext context;

    Dependents(BundleContext context) {
        this.context = context;
    }

    /** The bundles that have a class of it now. */
    static List<String> wiredTo(Bundle bundle) {
        var wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return List.of();
        }
        return wiring.getProvidedWires(null).stream()
                .map(wire -> wire.getRequirer().getBundle())
                .filter(user -> !user.equals(bundle))
                .map(user -> String.valueOf(user.getSymbolicName()))
                .distinct()
                .sorted()
                .toList();
    }

    /** The others that are touched when these are stopped, updated or removed. */
    List<String> of(Collection<Bundle> bundles) {
        var touched = new HashSet<Bundle>();
        touched.addAll(
                context.getBundle(0).adapt(FrameworkWiring.class).getDependencyClosure(bundles));
        touched.addAll(byService(bundles));
        var names = new TreeSet<String>();
        for (var bundle : touched) {
            if (bundle.getBundleId() != 0 && !bundles.contains(bundle) && !Trial.is(bundle)) {
                names.add(String.valueOf(bundle.getSymbolicName()));
            }
        }
        return List.copyOf(names);
    }

    /** Those with a component that stops, as others stop whose services it cannot do without. */
    private Set<Bundle> byService(Collection<Bundle> bundles) {
        var parts = parts();
        var gone = new HashSet<Long>();
        for (var bundle : bundles) {
            services(bundle).forEach(gone::add);
        }
        var stopped = new HashSet<Part>();
        boolean more;
        do {
            more = false;
            for (var part : parts) {
                if (part.needsOneOf(gone) && stopped.add(part)) {
                    more = true;
                    if (part.service() != null) {
                        gone.add(part.service());
                    }
                }
            }
        } while (more);
        return stopped.stream()
                .map(part -> context.getBundle(part.bundle()))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static Stream<Long> services(Bundle bundle) {
        ServiceReference<?>[] registered = bundle.getRegisteredServices();
        return registered == null
                ? Stream.empty()
                : Stream.of(registered)
                        .map(reference -> (Long) reference.getProperty("service.id"));
    }

    /**
     * A component that runs.
     *
     * @param needs for each reference that is mandatory, the services it has
     */
    private record Part(long bundle, @Nullable Long service, List<Set<Long>> needs) {

        boolean needsOneOf(Set<Long> gone) {
            return needs.stream().anyMatch(gone::containsAll);
        }
    }

    private List<Part> parts() {
        var reference = context.getServiceReference(ServiceComponentRuntime.class);
        var runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return List.of();
        }
        try {
            return runtime.getComponentDescriptionDTOs().stream()
                    .flatMap(found -> runtime.getComponentConfigurationDTOs(found).stream())
                    .map(Dependents::part)
                    .toList();
        } finally {
            context.ungetService(reference);
        }
    }

    private static Part part(ComponentConfigurationDTO component) {
        Map<String, ReferenceDTO> references =
                Stream.of(component.description.references)
                        .collect(Collectors.toMap(r -> r.name, Function.identity()));
        var needs =
                Stream.of(component.satisfiedReferences)
                        .filter(found -> isMandatory(references.get(found.name)))
                        .map(Dependents::services)
                        .filter(services -> !services.isEmpty())
                        .toList();
        var service = component.service;
        return new Part(
                component.description.bundle.id, service == null ? null : service.id, needs);
    }

    private static boolean isMandatory(@Nullable ReferenceDTO reference) {
        return reference != null && reference.cardinality.startsWith("1");
    }

    private static Set<Long> services(SatisfiedReferenceDTO reference) {
        return Stream.of(reference.boundServices)
                .map((ServiceReferenceDTO service) -> service.id)
                .collect(Collectors.toSet());
    }
}
