package dev.capstan.decrypt.standard;

import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.secret.file.FileSecrets;
import dev.capstan.secret.spi.Secrets;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Hashtable;
import java.util.Map;
import org.apache.felix.cm.PersistenceManager;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;

/** A real framework with the real Configuration Admin, and real secrets in files. */
final class KeyWorld implements AutoCloseable {
    private final Path data;
    private final Framework framework;
    private final ConfigurationAdmin configurations;
    private final Decryptor decryptor;

    KeyWorld(Path folder) throws Exception {
        data = folder.resolve("data");
        framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        folder.resolve("cache").toString(),
                                        // Shared with the test, which is outside.
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        "org.osgi.service.cm;version=1.6.0",
                                        "felix.cache.locking",
                                        "false",
                                        "capstan.data",
                                        data.toString()));
        framework.start();
        var context = framework.getBundleContext();
        var service = PersistenceManager.class.getProtectionDomain().getCodeSource();
        context.installBundle(service.getLocation().toString()).start();
        configurations = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        decryptor = new StandardDecryptor(configurations, fileSecrets());
    }

    Decryptor decryptor() {
        return decryptor;
    }

    /** The folder of secrets, with the rights it must have. */
    Path secrets() throws Exception {
        Files.createDirectories(data);
        var mine = PosixFilePermissions.fromString("rwx------");
        return Files.createDirectories(
                data.resolve("secrets"), PosixFilePermissions.asFileAttribute(mine));
    }

    void configure(String pid, Map<String, ?> values) throws Exception {
        configurations.getConfiguration(pid, "?").update(new Hashtable<>(values));
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    /** Made as the framework would, with its configuration's defaults. */
    private Secrets fileSecrets() throws ReflectiveOperationException {
        var constructor = FileSecrets.class.getConstructors()[0];
        var type = constructor.getParameterTypes()[1];
        var defaults =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> method.getDefaultValue());
        return (Secrets) constructor.newInstance(framework.getBundleContext(), defaults);
    }
}
