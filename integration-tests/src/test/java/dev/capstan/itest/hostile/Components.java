package dev.capstan.itest.hostile;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.name.DataFolder;
import dev.capstan.transfer.spi.TransferEngine;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.osgi.framework.BundleContext;

/**
 * The real engine and the real store without a framework: made by the constructors Declarative
 * Services would call, ended by the methods it would call. Classes come from a loader of choice, so
 * that a test can have them damaged.
 */
final class Components {
    static final Components SOUND = new Components(Components.class.getClassLoader());

    /** The engine's limits of time, made short. */
    private static final Map<String, Object> IMPATIENT =
            Map.of(
                    "connectTimeoutMs", 10_000L,
                    "headerTimeoutMs", 4_000L,
                    "idleTimeoutMs", 4_000L,
                    "minSpeedWindowMs", 4_000L,
                    "attempts", 3,
                    "maxConnectionsPerHost", 256);

    private final ClassLoader loader;

    Components(ClassLoader loader) {
        this.loader = loader;
    }

    TransferEngine engine() {
        var config = annotation("dev.capstan.transfer.http.HttpConfig", IMPATIENT);
        return (TransferEngine) make("dev.capstan.transfer.http.HttpTransferEngine", config);
    }

    ContentStore store(Path data) {
        var type = "dev.capstan.content.file.FileContentStore";
        var config = annotation(type + "$Configuration", Map.of());
        return (ContentStore) make(type, context(data), config);
    }

    static void end(TransferEngine engine) {
        call(engine, "deactivate");
    }

    static void end(ContentStore store) {
        call(store, "close");
    }

    private static BundleContext context(Path data) {
        return (BundleContext)
                Proxy.newProxyInstance(
                        BundleContext.class.getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("getProperty")
                                                && DataFolder.PROPERTY.equals(arguments[0])
                                        ? data.toString()
                                        : null);
    }

    private Object annotation(String name, Map<String, Object> values) {
        try {
            var type = Class.forName(name, true, loader);
            return Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) ->
                            values.getOrDefault(method.getName(), method.getDefaultValue()));
        } catch (ClassNotFoundException e) {
            throw new LinkageError(name, e);
        }
    }

    private Object make(String name, Object... arguments) {
        try {
            var constructor =
                    Arrays.stream(Class.forName(name, true, loader).getConstructors())
                            .filter(it -> it.getParameterCount() == arguments.length)
                            .findFirst()
                            .orElseThrow();
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    private static void call(Object component, String name) {
        try {
            var method = component.getClass().getDeclaredMethod(name);
            method.setAccessible(true);
            method.invoke(component);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
