package dev.capstan.admin.shell.host;

import java.lang.reflect.Proxy;
import java.util.function.BiFunction;

/** Services of which a test needs a method or two. */
public final class Scripted {

    private Scripted() {}

    /** A service that answers by the name of the method and its arguments. */
    public static <T> T of(Class<T> type, BiFunction<String, Object[], Object> answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, words) -> {
                            var result = answer.apply(method.getName(), words);
                            if (result instanceof Throwable failure) {
                                throw failure;
                            }
                            return result;
                        }));
    }
}
