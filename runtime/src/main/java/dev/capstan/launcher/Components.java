package dev.capstan.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Says why components do not come up, as the component runtime tells it.
 *
 * <p>The runtime's types are its bundle's; the launcher has none of them on its class path and
 * reads the public fields of its transfer objects by name.
 */
final class Components {

    private static final String RUNTIME =
            "org.osgi.service.component.runtime.ServiceComponentRuntime";

    private static final int UNSATISFIED_CONFIGURATION = 1;
    private static final int UNSATISFIED_REFERENCE = 2;
    private static final int FAILED_ACTIVATION = 16;

    private Components() {}

    static List<String> missing(BundleContext context) {
        var runtimes = services(RUNTIME, context);
        if (runtimes.length == 0) {
            return List.of("No component runtime is started.");
        }
        try {
            var runtime = context.getService(runtimes[0]);
            var api = runtimes[0].getBundle().loadClass(RUNTIME);
            var descriptions =
                    (Collection<?>)
                            api.getMethod("getComponentDescriptionDTOs", Bundle[].class)
                                    .invoke(runtime, (Object) new Bundle[0]);
            var offered = new HashSet<Object>();
            for (var description : descriptions) {
                offered.addAll(list(description, "serviceInterfaces"));
            }
            var sentences = new ArrayList<String>();
            for (var description : descriptions) {
                var configurations =
                        (Collection<?>)
                                api.getMethod(
                                                "getComponentConfigurationDTOs",
                                                description.getClass())
                                        .invoke(runtime, description);
                for (var configuration : configurations) {
                    explain(description, configuration, offered, context, sentences);
                }
            }
            return sentences;
        } catch (ReflectiveOperationException e) {
            return List.of("The component runtime cannot be asked: " + Plain.reason(e) + ".");
        }
    }

    /** Of whatever class space they are: the launcher's own has no part in theirs. */
    private static ServiceReference<?>[] services(String type, BundleContext context) {
        try {
            var services = context.getAllServiceReferences(type, null);
            return services == null ? new ServiceReference<?>[0] : services;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void explain(
            Object description,
            Object configuration,
            Set<?> offered,
            BundleContext context,
            List<String> sentences)
            throws ReflectiveOperationException {
        var name = get(description, "name");
        switch ((int) get(configuration, "state")) {
            case FAILED_ACTIVATION ->
                    sentences.add(
                            name + " failed: " + rootCause((String) get(configuration, "failure")));
            case UNSATISFIED_CONFIGURATION ->
                    sentences.add(
                            name
                                    + " needs a configuration "
                                    + list(description, "configurationPid")
                                    + ".");
            case UNSATISFIED_REFERENCE -> {
                for (var unsatisfied : list(configuration, "unsatisfiedReferences")) {
                    var wanted = interfaceOf(description, get(unsatisfied, "name"));
                    if (!offered.contains(wanted) && services(wanted, context).length == 0) {
                        sentences.add(
                                name
                                        + " needs the service "
                                        + wanted
                                        + ", which no bundle here has.");
                    }
                }
            }
            default -> {}
        }
    }

    private static String interfaceOf(Object description, Object referenceName)
            throws ReflectiveOperationException {
        for (var reference : list(description, "references")) {
            if (get(reference, "name").equals(referenceName)) {
                return (String) get(reference, "interfaceName");
            }
        }
        return String.valueOf(referenceName);
    }

    /** The last cause in the text of a stack trace. */
    private static String rootCause(String trace) {
        var cause = trace.lines().findFirst().orElse("");
        for (var line : trace.lines().toList()) {
            if (line.startsWith("Caused by: ")) {
                cause = line.substring("Caused by: ".length());
            }
        }
        return cause;
    }

    private static List<?> list(Object dto, String field) throws ReflectiveOperationException {
        var array = dto.getClass().getField(field).get(dto);
        return array == null ? List.of() : List.of((Object[]) array);
    }

    private static Object get(Object dto, String field) throws ReflectiveOperationException {
        return dto.getClass().getField(field).get(dto);
    }
}
