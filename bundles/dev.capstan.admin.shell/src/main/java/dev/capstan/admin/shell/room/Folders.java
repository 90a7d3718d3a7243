package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.text.Text;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What programs read of pieces that are here: a line of id and folder for each. */
final class Folders {

    private Folders() {}

    static void print(Map<String, Path> folders, Invocation call) {
        var out = call.console().out();
        new TreeMap<>(folders)
                .forEach((piece, folder) -> out.println(Text.clean(piece) + "  " + folder));
        out.flush();
    }
}
