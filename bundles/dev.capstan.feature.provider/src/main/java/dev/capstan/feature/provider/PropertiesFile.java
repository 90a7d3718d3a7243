package dev.capstan.feature.provider;

import dev.capstan.name.DurableFile;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A {@link DurableFile} of properties. */
record PropertiesFile(Path path) {
    private static final System.Logger LOG = System.getLogger(PropertiesFile.class.getName());

    /** What it holds; nothing if it is not there. */
    Properties read() throws IOException {
        var properties = new Properties();
        if (Files.exists(path)) {
            try (var in = Files.newBufferedReader(path)) {
                properties.load(in);
            } catch (IllegalArgumentException e) {
                throw new IOException(path + " is damaged", e);
            }
        }
        return properties;
    }

    /** What it holds; nothing if that cannot be told. */
    Properties readOrEmpty() {
        try {
            return read();
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " is passed over", e);
            return new Properties();
        }
    }

    void write(Properties properties) throws IOException {
        var text = new StringWriter();
        properties.store(text, null);
        DurableFile.write(path, text.toString());
    }

    void delete() throws IOException {
        DurableFile.delete(path);
    }
}
