package dev.capstan.itest.rooms;

import dev.capstan.room.spi.RoomTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A framework that has nothing but the transports of rooms, as the program is shipped with them.
 */
final class TransportHost implements AutoCloseable {
    private static final List<String> BUNDLES =
            List.of(
                    "org.osgi.util.function",
                    "org.osgi.util.promise",
                    "org.osgi.service.component",
                    "org.apache.felix.configadmin",
                    "org.apache.felix.scr",
                    "commons-io",
                    "org.apache.felix.http.servlet-api",
                    "commons-fileupload",
                    "dev.capstan.lib.slf4j",
                    "org.apache.felix.http.jetty12",
                    "dev.capstan.room.tcp",
                    "dev.capstan.room.websocket");

    /** Knows nothing of this repository but its contracts. */
    private static final Path EXAMPLE =
            Path.of("../examples/transport-acme/target/acme-transport-1.0.0-SNAPSHOT.jar");

    /** Shared with the test, which is outside. */
    private static final String SHARED =
            "dev.capstan.room.spi;version=1.0.0,"
                    + "org.osgi.service.cm;version=1.6.0,"
                    + "org.osgi.service.log;version=1.5.0";

    private final Framework framework;

    TransportHost(Path folder) throws Exception {
        framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        folder.resolve("cache").toString(),
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        SHARED,
                                        "felix.cm.dir",
                                        folder.resolve("cm").toString(),
                                        "felix.cache.locking",
                                        "false",
                                        "org.apache.felix.http.require.config",
                                        "true"));
        framework.start();
        var context = framework.getBundleContext();
        for (var name : BUNDLES) {
            if (name.equals("dev.capstan.room.tcp")) {
                stayHere();
            }
            context.installBundle("reference:" + jar(name).toUri()).start();
        }
        context.installBundle("reference:" + EXAMPLE.toRealPath().toUri()).start();
    }

    /** Nothing is announced beyond this machine. */
    private void stayHere() throws Exception {
        var context = framework.getBundleContext();
        var configurations =
                context.getService(context.getServiceReference(ConfigurationAdmin.class));
        var loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        var values = new Hashtable<String, Object>();
        values.put("interfaces", new String[] {loopback.getName()});
        configurations.getConfiguration("dev.capstan.room.tcp.lan", "?").update(values);
    }

    /** The transport of a scheme. */
    RoomTransport transport(String scheme) throws Exception {
        var filter =
                framework
                        .getBundleContext()
                        .createFilter(
                                "(&(objectClass="
                                        + RoomTransport.class.getName()
                                        + ")("
                                        + RoomTransport.SCHEMES
                                        + "="
                                        + scheme
                                        + "))");
        var tracker =
                new ServiceTracker<RoomTransport, RoomTransport>(
                        framework.getBundleContext(), filter, null);
        tracker.open();
        return tracker.waitForService(TimeUnit.SECONDS.toMillis(30));
    }

    /** As the build has laid it out for the program. */
    private static Path jar(String name) throws IOException {
        try (var libraries = Files.newDirectoryStream(Path.of("../runtime/target"), "lib-*")) {
            for (var library : libraries) {
                try (var jars = Files.newDirectoryStream(library, name + "-[0-9]*.jar")) {
                    for (var jar : jars) {
                        return jar.toRealPath();
                    }
                }
            }
        }
        throw new IOException(name + " is not in runtime/target; build the runtime first");
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
