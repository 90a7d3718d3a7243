package dev.capstan.packaging;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The build's last step: packs the jar and prepares the Java machine for it. */
public final class Packaging {

    private Packaging() {}

    /**
     * Packs what is on the class path of this process.
     *
     * @param arguments the folder of the runtime module, the folder of the features, the version
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var runtime = Path.of(arguments[0]).toRealPath();
        var libraries =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(Files::isRegularFile)
                        .toList();
        var packager =
                new Packager(
                        runtime.resolve("target/classes"),
                        runtime.resolve("launch.properties"),
                        Path.of(arguments[1]),
                        arguments[2],
                        libraries);
        packager.write(runtime.resolve("target"));
        KarafFeature.write(
                new Features(Path.of(arguments[1]), arguments[2]).get("core"),
                runtime.resolve("target/capstan-karaf-features.xml"));
        Training.run(runtime.resolve("target"), runtime.resolve("jvm.options"));
    }
}
