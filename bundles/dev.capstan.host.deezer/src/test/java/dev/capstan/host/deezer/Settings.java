package dev.capstan.host.deezer;

import java.lang.reflect.Proxy;
import java.util.Map;

/** A configuration annotation with its defaults, but for some values. */
final class Settings {
    private Settings() {}

    static <T> T of(Class<T> type, Map<String, ?> values) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                values.containsKey(method.getName())
                                        ? values.get(method.getName())
                                        : method.getDefaultValue()));
    }
}
