package dev.capstan.launcher;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerConsumer;

/**
 * Answers the calls of one OSGi logger.
 *
 * <p>What is below WARNING is dropped here: the component runtime says hundreds of such things
 * while it starts, none of use to whoever runs a host, and the first record kept makes the start
 * slower.
 */
final class LoggerCalls implements InvocationHandler {

    private final String name;

    LoggerCalls(String name) {
        this.name = name;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "getName", "toString" -> name;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            case "isErrorEnabled", "isWarnEnabled" -> true;
            case "isInfoEnabled", "isDebugEnabled", "isTraceEnabled" -> false;
            case "error" -> log((Logger) proxy, Level.ERROR, arguments);
            case "warn" -> log((Logger) proxy, Level.WARNING, arguments);
            default -> null;
        };
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object log(Logger proxy, Level level, Object @Nullable [] arguments)
            throws Exception {
        if (arguments == null) {
            return null;
        }
        if (arguments[0] instanceof LoggerConsumer<?> consumer) {
            ((LoggerConsumer<Exception>) consumer).accept(proxy);
            return null;
        }
        var values = new ArrayList<Object>();
        for (var argument : List.of(arguments).subList(1, arguments.length)) {
            values.addAll(argument instanceof Object[] many ? List.of(many) : List.of(argument));
        }
        var last = values.isEmpty() ? null : values.get(values.size() - 1);
        var text = String.valueOf(arguments[0]);
        var message =
                proxy instanceof FormatterLogger
                        ? text.formatted(values.toArray())
                        : filled(text, values);
        // Somebody does without a part that failed: the part itself has told why.
        var follows = message.contains("Could not get service from ref");
        System.getLogger(name)
                .log(
                        follows ? Level.INFO : level,
                        message,
                        last instanceof Throwable failure ? failure : null);
        return null;
    }

    /** Puts each value where the next {@code {}} stands. */
    private static String filled(String text, List<Object> values) {
        var filled = new StringBuilder();
        var from = 0;
        for (var value : values) {
            var hole = text.indexOf("{}", from);
            if (hole < 0) {
                break;
            }
            filled.append(text, from, hole).append(value);
            from = hole + 2;
        }
        return filled.append(text.substring(from)).toString();
    }
}
