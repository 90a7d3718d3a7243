package dev.capstan.download.provider;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration {@value Orchestrator#PID}. Changes count at once. */
@ObjectClassDefinition(name = "Capstan: downloads", description = "The queue of downloads.")
@interface QueueConfig {

    /** How many downloads run at once. */
    @AttributeDefinition(
            name = "Downloads at once",
            description = "Takes effect at once; what is too many goes back to the queue.",
            min = "1",
            max = "1000")
    int maxConcurrent() default 8;

    /** The downloads folder. */
    @AttributeDefinition(
            name = "Downloads folder",
            description = "Where files are placed; empty for the data folder's own.")
    String directory() default "";

    /** Retries after which a download fails. */
    @AttributeDefinition(
            name = "Retries",
            description = "Retries without progress after which a download fails.",
            min = "0",
            max = "100")
    int maxRetries() default 5;

    /** Most files of one listing. */
    @AttributeDefinition(
            name = "Files of a listing",
            description = "Most files that one folder, album or list may give.",
            min = "1",
            max = "1000000")
    int maxListing() default 10_000;

    /** Time for one call to a host. */
    @AttributeDefinition(
            name = "Time for a host (s)",
            description = "Seconds that one call to a host's plug-in may take.",
            min = "1",
            max = "3600")
    int resolveTimeoutSeconds() default 60;

    /** How far a stream is ahead of whoever plays it. */
    @AttributeDefinition(
            name = "Look-ahead (bytes)",
            description =
                    "Bytes that a stream is fetched ahead of its furthest reader, where who"
                            + " plays it names no other number.",
            min = "0")
    long lookAheadBytes() default Settings.LOOK_AHEAD;

    /** How long a stream goes on when nobody plays it any more. */
    @AttributeDefinition(
            name = "Grace of a stream (s)",
            description = "Seconds that a stream goes on after its last reader.",
            min = "0",
            max = "86400")
    int graceSeconds() default 30;
}
