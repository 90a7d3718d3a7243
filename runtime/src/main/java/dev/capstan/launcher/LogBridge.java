package dev.capstan.launcher;

import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;

/**
 * The OSGi log service, for the bundles that look for one: without it the component runtime would
 * print stack traces to the terminal. Everything goes to {@link System.Logger}.
 */
final class LogBridge implements LogService {

    @Override
    public Logger getLogger(String name) {
        return getLogger(name, Logger.class);
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName(), Logger.class);
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> type, Class<L> loggerType) {
        return getLogger(type.getName(), loggerType);
    }

    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> loggerType) {
        return getLogger(name, loggerType);
    }

    /** The interface has forty methods that say the same; a proxy answers them by their names. */
    @Override
    public <L extends Logger> L getLogger(String name, Class<L> loggerType) {
        var calls = new LoggerCalls(name);
        var loader = loggerType.getClassLoader();
        return loggerType.cast(Proxy.newProxyInstance(loader, new Class<?>[] {loggerType}, calls));
    }

    @Override
    @Deprecated
    public void log(int level, String message) {
        log(null, level, message, null);
    }

    @Override
    @Deprecated
    public void log(int level, String message, @Nullable Throwable failure) {
        log(null, level, message, failure);
    }

    @Override
    @Deprecated
    public void log(@Nullable ServiceReference<?> service, int level, String message) {
        log(service, level, message, null);
    }

    @Override
    @Deprecated
    public void log(
            @Nullable ServiceReference<?> service,
            int level,
            String message,
            @Nullable Throwable failure) {
        if (level <= LOG_WARNING) {
            var severity = level == LOG_ERROR ? Level.ERROR : Level.WARNING;
            System.getLogger(LogBridge.class.getName()).log(severity, message, failure);
        }
    }
}
