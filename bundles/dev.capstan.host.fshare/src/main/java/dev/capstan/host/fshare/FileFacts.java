package dev.capstan.host.fshare;

import org.jspecify.annotations.Nullable;

/** What is learned of a file without asking for its bytes. */
record FileFacts(@Nullable String name, @Nullable Long size) {

    static FileFacts of(Fields fields) {
        var size = fields.number("size");
        return new FileFacts(fields.text("name"), size == null || size < 0 ? null : size);
    }
}
