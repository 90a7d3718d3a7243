package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.name.SafeNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** The documents that a call names, from its caller's folder; "-" stands for its streams. */
final class RoomFiles {
    private static final String STREAM = "-";
    private static final int MOST_BYTES = 16 << 20;

    private RoomFiles() {}

    static boolean isStream(String name) {
        return name.equals(STREAM);
    }

    static String read(String name, Invocation call) throws CommandException {
        try (var in =
                isStream(name) ? call.console().in() : Files.newInputStream(path(name, call))) {
            var bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw CommandException.failed(Text.clean(name) + " is larger than 16 MiB.");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandException(17, Text.clean(name) + " cannot be read: " + why(e) + ".");
        }
    }

    /** Writes a new file; one that is there, with signatures perhaps, is left as it is. */
    static void create(String text, String name, Invocation call) throws CommandException {
        if (isStream(name)) {
            call.console().out().println(text);
            return;
        }
        try {
            Files.writeString(path(name, call), text + "\n", StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw unwritten(name, e);
        }
    }

    /** Writes a file whole or not at all, over what is there. */
    static void replace(String text, String name, Invocation call) throws CommandException {
        if (isStream(name)) {
            call.console().out().println(text);
            return;
        }
        var target = path(name, call);
        try {
            // Made as any file of its owner's is: it is to be sent around.
            var unfinished = SafeNames.STAGING_PREFIX + UUID.randomUUID() + ".room";
            var beside = target.resolveSibling(unfinished);
            try {
                Files.writeString(beside, text + "\n", StandardOpenOption.CREATE_NEW);
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw unwritten(name, e);
        }
    }

    private static CommandException unwritten(String name, IOException e) {
        return new CommandException(17, Text.clean(name) + " cannot be written: " + why(e) + ".");
    }

    private static Path path(String name, Invocation call) throws CommandException {
        try {
            return call.folder().resolve(name);
        } catch (InvalidPathException e) {
            throw CommandException.usage("\"" + Text.clean(name) + "\" is no path.");
        }
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof FileAlreadyExistsException
                ? "it is there already"
                : CommandException.sentence(e);
    }
}
