package dev.capstan.transfer.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The configuration {@value HttpTransferEngine#PID}. Changes count at once, running transfers too.
 */
@ObjectClassDefinition(
        name = "Capstan: HTTP",
        description = "How files and pages are fetched over HTTP and HTTPS.")
@interface HttpConfig {

    @AttributeDefinition(
            name = "Time to connect",
            description = "Milliseconds for looking up the name, TCP and TLS together.",
            min = "100",
            max = "300000")
    long connectTimeoutMs() default 10_000;

    @AttributeDefinition(
            name = "Time for an answer",
            description = "Milliseconds from the request to the end of the answer's header.",
            min = "100",
            max = "600000")
    long headerTimeoutMs() default 30_000;

    @AttributeDefinition(
            name = "Time without a byte",
            description = "Milliseconds a connection may be silent in the middle of a body.",
            min = "100",
            max = "600000")
    long idleTimeoutMs() default 30_000;

    @AttributeDefinition(
            name = "Least speed",
            description = "Bytes a second below which a connection is given up; 0 for none.",
            min = "0")
    long minBytesPerSecond() default 100;

    @AttributeDefinition(
            name = "Window of the least speed",
            description = "Milliseconds a connection may be slower than that.",
            min = "100",
            max = "3600000")
    long minSpeedWindowMs() default 60_000;

    @AttributeDefinition(
            name = "Attempts",
            description =
                    "Attempts in a row that bring nothing, before the download goes back to the"
                            + " queue.",
            min = "1",
            max = "100")
    int attempts() default 8;

    @AttributeDefinition(
            name = "Redirects",
            description = "Redirects that are followed for one request.",
            min = "0",
            max = "50")
    int maxRedirects() default 10;

    @AttributeDefinition(
            name = "Connections for a download",
            description =
                    "Most connections for a download that asks for no number; fewer are used where"
                            + " more bring nothing.",
            min = "1",
            max = "64")
    int maxConnections() default 8;

    @AttributeDefinition(
            name = "Connections for a host",
            description =
                    "Connections to one host beyond which no download gets a second one of its"
                            + " own.",
            min = "1",
            max = "256")
    int maxConnectionsPerHost() default 16;

    @AttributeDefinition(
            name = "Speed limit",
            description = "Most bytes a second for all downloads together; 0 for none.",
            min = "0")
    long maxBytesPerSecond() default 0;

    @AttributeDefinition(
            name = "Speed limits of hosts",
            description =
                    "HOST=BYTES: most bytes a second from a host for all downloads together, beside"
                            + " the other limits.")
    String[] hostLimits() default {};

    @AttributeDefinition(
            name = "Allow private networks",
            description =
                    "Lets every link reach loopback, link-local and private addresses. Whoever may"
                            + " add links can then read what this machine can reach.")
    boolean allowPrivateNetworks() default false;

    @AttributeDefinition(
            name = "Private hosts",
            description =
                    "Names and addresses of hosts that every link may reach although they are"
                            + " private.")
    String[] allowedHosts() default {};

    @AttributeDefinition(
            name = "Allow https to http",
            description = "Follows redirects that give up encryption.")
    boolean allowHttpsDowngrade() default false;

    @AttributeDefinition(
            name = "User agent",
            description = "How requests introduce themselves where a link says nothing else.")
    String userAgent() default "Capstan";

    @AttributeDefinition(
            name = "Proxy",
            description =
                    "http://host:port or socks5://host:port, which all connections are tunnelled"
                            + " through, http ones too; it is told addresses that were checked, and"
                            + " no names. Empty: what http_proxy, https_proxy and all_proxy say."
                            + " \"none\": none. Its credentials are in such a variable or in the"
                            + " netrc file.")
    String proxy() default "";

    @AttributeDefinition(
            name = "Without proxy",
            description =
                    "Names, which stand for what is below them too, addresses and networks that are"
                            + " reached without the proxy; * for all. Empty: what no_proxy says if"
                            + " the proxy is from the environment. This machine always is.")
    String[] noProxy() default {};

    @AttributeDefinition(
            name = "The proxy resolves names",
            description =
                    "Hands the proxy names that cannot be resolved here. Nobody then checks whether"
                            + " they lead to a private address.")
    boolean proxyResolvesNames() default false;

    @AttributeDefinition(
            name = "Trusted certificates",
            description =
                    "HOST=FINGERPRINT: the host is trusted if its certificate has this SHA-256, in"
                            + " hexadecimal digits, and by nothing else. All other hosts are"
                            + " verified by the authorities that Java trusts.")
    String[] trustedCertificates() default {};

    @AttributeDefinition(
            name = "Passwords for hosts",
            description =
                    "The netrc file with names and passwords for links of the operator. Empty: the"
                            + " one NETRC names, else ~/.netrc. \"none\": none. It must be readable"
                            + " by its owner alone.")
    String netrc() default "";
}
