package dev.capstan.record.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The configuration {@value RecordProvider#PID}. Changes count at once, but for a wait that has
 * begun.
 */
@ObjectClassDefinition(name = "Capstan: records", description = "Etched records.")
@interface RecordsConfig {

    /** The largest track. */
    @AttributeDefinition(
            name = "Largest track (bytes)",
            description = "Most bytes that one track may have.",
            min = "1")
    long maxBytes() default 1 << 30;

    /** What is media. */
    @AttributeDefinition(
            name = "Media types",
            description = "What may be etched, found by content; audio/* stands for all audio.")
    String[] mediaTypes() default {"audio/*", "video/*"};

    /** How many tracks are fetched ahead. */
    @AttributeDefinition(
            name = "Tracks ahead",
            description = "Tracks of a list that are fetched when it is picked up.",
            min = "1",
            max = "100")
    int prefetchTracks() default 3;

    /** How many tracks a list becomes. */
    @AttributeDefinition(
            name = "Tracks of a list",
            description = "Most tracks of a record that is etched from an album or a folder.",
            min = "1",
            max = "1000")
    int listTracks() default 200;

    /** How long a source may be silent. */
    @AttributeDefinition(
            name = "First byte (s)",
            description = "Seconds after which a source that has sent nothing is given up.",
            min = "1",
            max = "600")
    int firstByteSeconds() default 15;

    /** How often shared libraries are asked for changes. */
    @AttributeDefinition(
            name = "Library refresh (min)",
            description = "Minutes after which a shared library is asked whether it changed.",
            min = "1",
            max = "10080")
    int libraryRefreshMinutes() default 60;
}
