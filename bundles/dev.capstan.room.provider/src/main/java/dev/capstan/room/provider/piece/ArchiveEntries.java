package dev.capstan.room.provider.piece;

import java.io.IOException;
import java.io.InputStream;

/**
 * What is in an archive, in its order. Whatever is neither a plain file nor a folder is refused
 * before anybody is told of it. Used by one thread.
 */
interface ArchiveEntries extends AutoCloseable {

    /** Is told of each entry. */
    interface Visitor {

        /**
         * An entry.
         *
         * @param name as the archive has it
         * @param isFolder whether it is a folder, and has no bytes
         * @param size bytes it says it has
         * @param bytes those bytes, to be read before this returns or left; they fail with {@link
         *     BadArchiveException} where they are not what the archive says they are
         */
        void entry(String name, boolean isFolder, long size, InputStream bytes) throws IOException;
    }

    /**
     * Goes through all entries once.
     *
     * @param visitor is told; what it throws ends the going
     * @throws BadArchiveException if the archive cannot be read, or must not
     */
    void visit(Visitor visitor) throws IOException;

    @Override
    void close() throws IOException;
}
