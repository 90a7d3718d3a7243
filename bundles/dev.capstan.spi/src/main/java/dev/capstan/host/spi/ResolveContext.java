package dev.capstan.host.spi;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Trust;
import dev.capstan.net.spi.OutboundHttp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What one call of {@link HostResolver#resolve} may know and use. Valid during that call and those
 * of the pages it returned, each with a deadline of its own.
 */
@ProviderType
public interface ResolveContext {

    /** Why it is asked. */
    enum Purpose {
        /** Somebody looks at links before adding them. */
        PREVIEW,
        /** A listing is being turned into downloads. */
        EXPAND,
        /** A transfer begins now and needs direct links. */
        START
    }

    /**
     * Why it is asked.
     *
     * @return the purpose
     */
    Purpose purpose();

    /**
     * When the caller interrupts.
     *
     * @return the time, on the host's clock
     */
    Instant deadline();

    /**
     * Makes the client for the host's own requests.
     *
     * @param policy what it may do
     * @return a client whose calls end with this call's deadline
     */
    OutboundHttp.Client http(OutboundHttp.Policy policy);

    /**
     * Who gave the link.
     *
     * @return the trust
     */
    Trust trust();

    /**
     * The password of a protected link.
     *
     * @return empty if none was given
     */
    Optional<String> linkPassword();

    /**
     * Headers the user gave for the link; they stay on its origin.
     *
     * @return an immutable map
     */
    Map<String, String> headers();

    /**
     * The source key of an earlier resolve; what it settled (variant, format) is to be kept.
     *
     * @return empty at the first resolve
     */
    Optional<SourceKey> knownKey();

    /**
     * The size learned earlier.
     *
     * @return empty if it is not known
     */
    OptionalLong knownSize();

    /**
     * The name learned earlier; one that is learned later does not replace it.
     *
     * @return empty if it is not known
     */
    default Optional<String> knownName() {
        return Optional.empty();
    }

    /**
     * The link as it was given, of which {@link HostResolver#resolve} gets the canonical form.
     *
     * @return empty if only the canonical form is known
     */
    default Optional<String> givenLink() {
        return Optional.empty();
    }

    /**
     * How many listings lie above the link.
     *
     * @return 0 for a link that a user gave
     */
    default int depth() {
        return 0;
    }
}
