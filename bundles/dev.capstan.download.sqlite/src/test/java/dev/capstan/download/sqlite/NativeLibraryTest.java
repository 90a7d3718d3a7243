package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several engines in one process, each in a framework and with a driver of its own. */
class NativeLibraryTest {
    private static final int ENGINES = 8;

    @TempDir Path root;

    @Test
    @EnabledOnOs(OS.LINUX)
    void enginesOfOneProcessLoadItAtTheSameTimeEachFromItsOwnFolder() throws Exception {
        var before = driverProperties();
        var begin = new CountDownLatch(1);
        var loads = new ArrayList<FutureTask<Object>>();
        for (var engine = 0; engine < ENGINES; engine++) {
            var folder = root.resolve("engine-" + engine);
            var load =
                    new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())
                            .loadClass(NativeLibrary.class.getName())
                            .getDeclaredMethod("load", Path.class);
            load.setAccessible(true);
            var task =
                    new FutureTask<>(
                            () -> {
                                begin.await();
                                return load.invoke(null, folder);
                            });
            loads.add(task);
            new Thread(task, "test-engine-" + engine).start();
        }

        begin.countDown();

        for (var load : loads) {
            load.get(60, TimeUnit.SECONDS);
        }
        var mapped = Files.readString(Path.of("/proc/self/maps"));
        for (var engine = 0; engine < ENGINES; engine++) {
            assertThat(mapped).contains(root.resolve("engine-" + engine).toString());
        }
        assertThat(driverProperties()).isEqualTo(before);
    }

    private static List<String> driverProperties() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("org.sqlite."))
                .toList();
    }

    private static URL[] classPath() throws Exception {
        var urls = new ArrayList<URL>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
