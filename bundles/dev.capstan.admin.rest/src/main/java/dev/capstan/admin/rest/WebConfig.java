package dev.capstan.admin.rest;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration {@value #PID}, which all components of this bundle share. */
@ObjectClassDefinition(
        name = "Capstan: web server",
        description = "Where the web server listens, and who may use it.")
public @interface WebConfig {

    /** What it is named. */
    String PID = "dev.capstan.admin.rest";

    /** Where it listens. */
    @AttributeDefinition(
            name = "Port",
            description = "TCP port; 0 for any free one. A change holds from the next start on.",
            min = "0",
            max = "65535")
    int port() default 8181;

    /** On which of the machine's addresses. */
    @AttributeDefinition(
            name = "Address",
            description =
                    "Address of this machine to listen on, from the next start on. Other than a"
                            + " loopback address, everyone who reaches it can try.")
    String bind() default "127.0.0.1";

    /** Under which names, beside the addresses themselves. */
    @AttributeDefinition(
            name = "Names",
            description =
                    "Host names this server is reached by, without port. Its address and"
                            + " \"localhost\" are always among them; other names are refused, since"
                            + " any web site can make a name of its own point here.")
    String[] hostNames() default {};

    /** Whose pages may change something. */
    @AttributeDefinition(
            name = "Origins",
            description =
                    "Origins, such as https://tool.example.org, whose pages may change state"
                            + " beside the server's own.")
    String[] allowedOrigins() default {};

    /** How long a request may take to arrive. */
    @AttributeDefinition(
            name = "Time for a request (s)",
            description =
                    "Seconds until the head of a request is here, and as many until its body is;"
                            + " a connection without a request is closed after as many.",
            min = "1",
            max = "3600")
    int requestSeconds() default 20;

    /** How long links live. */
    @AttributeDefinition(
            name = "Life of a link",
            description = "Minutes after which a link to content expires.",
            min = "1",
            max = "525600")
    int linkMinutes() default 1440;

    /** How many may play at once. */
    @AttributeDefinition(
            name = "Streams",
            description = "Streams at once; each waits on a thread of its own.",
            min = "1",
            max = "4096")
    int maxStreams() default 1024;
}
