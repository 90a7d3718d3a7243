package dev.capstan.download;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a download goes.
 *
 * @param name the safe file name, once it is known
 * @param nameGiven whether a user chose the name, so that no answer may change it
 * @param folder the absolute folder a user chose, or null for the downloads folder
 * @param category the folder under the downloads folder, or null
 * @param mediaType {@code movie}, {@code tv}, {@code music} or null
 * @param placed the file under its human name, once it is placed
 */
public record Target(
        @Nullable String name,
        boolean nameGiven,
        @Nullable Path folder,
        @Nullable String category,
        @Nullable String mediaType,
        @Nullable Path placed) {

    /** A target of which nothing is known yet. */
    public static final Target UNKNOWN = new Target(null, false, null, null, null, null);

    /**
     * The same target under another name.
     *
     * @param newName a safe name
     * @return a copy
     */
    public Target withName(String newName) {
        return new Target(newName, nameGiven, folder, category, mediaType, placed);
    }

    /**
     * The same target in another category.
     *
     * @param newCategory the folder under the downloads folder, or null for none
     * @return a copy
     */
    public Target withCategory(@Nullable String newCategory) {
        return new Target(name, nameGiven, folder, newCategory, mediaType, placed);
    }

    /**
     * The same target with its file.
     *
     * @param file where the file is, or null if it is gone
     * @return a copy
     */
    public Target withPlaced(@Nullable Path file) {
        return new Target(name, nameGiven, folder, category, mediaType, file);
    }
}
