package dev.capstan.download.provider;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.osgi.framework.BundleContext;

/**
 * Makes the real stores as a framework would: by their activating constructors, with a bundle
 * context that knows the data folder and a configuration of defaults.
 */
final class Parts {
    private Parts() {}

    static <T> T make(String className, Class<T> type, Path data) {
        try {
            var constructor = Class.forName(className).getConstructors()[0];
            var arguments =
                    Arrays.stream(constructor.getParameterTypes())
                            .map(
                                    parameter ->
                                            parameter == BundleContext.class
                                                    ? context(data)
                                                    : defaults(parameter))
                            .toArray();
            return type.cast(constructor.newInstance(arguments));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives a component a service as Declarative Services would. */
    static <S> void bind(Object component, Class<S> type, S service, Map<String, ?> properties) {
        try {
            var bind =
                    component
                            .getClass()
                            .getDeclaredMethod("bind" + type.getSimpleName(), type, Map.class);
            bind.setAccessible(true);
            bind.invoke(component, service, properties);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls what Declarative Services would call at the end. */
    static void deactivate(Object component, String method) {
        try {
            var close = component.getClass().getDeclaredMethod(method);
            close.setAccessible(true);
            close.invoke(component);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static BundleContext context(Path data) {
        return (BundleContext)
                Proxy.newProxyInstance(
                        Parts.class.getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("getProperty")) {
                                return arguments[0].equals("capstan.data") ? data.toString() : null;
                            }
                            throw new UnsupportedOperationException(method.getName());
                        });
    }

    private static Object defaults(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type, Annotation.class},
                (proxy, method, arguments) -> method.getDefaultValue());
    }
}
