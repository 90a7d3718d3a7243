package dev.capstan.admin.shell;

import dev.capstan.admin.shell.call.InputPipe;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The standard input of this process, touched only when something reads it, since it may be the
 * input of a script this process was started from. Used by one thread.
 */
final class LateInput extends InputStream {
    private @Nullable InputPipe pipe;

    @Override
    public int read() throws IOException {
        return pipe().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return pipe().read(target, offset, length);
    }

    private InputPipe pipe() {
        var open = pipe;
        if (open == null) {
            open = InputPipe.from(new FileInputStream(FileDescriptor.in), "capstan-stdin");
            pipe = open;
        }
        return open;
    }
}
