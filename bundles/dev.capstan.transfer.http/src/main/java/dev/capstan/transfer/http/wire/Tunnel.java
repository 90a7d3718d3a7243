package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a tunnel: by CONNECT (RFC 9110 §9.3.6) or SOCKS5 (RFC 1928, RFC 1929). Links of
 * http go through a tunnel as well as those of https. To hand the proxy whole requests would mean
 * to name the host to it, which it would look up once more, and the address it finds would have
 * been checked by nobody (S1).
 *
 * <p>It blocks without a limit of its own; whoever calls closes the connection when it takes too
 * long.
 */
final class Tunnel {
    private static final int BUFFER = 1 << 10;
    private static final int SOCKS = 5;
    private static final int LOGIN = 1;
    private static final int NO_LOGIN_NEEDED = 0;
    private static final int LOGIN_NEEDED = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int MOST_LOGIN = 255;

    private final Proxy proxy;
    private final String target;
    private final InputStream in;
    private final OutputStream out;

    /**
     * A tunnel to be.
     *
     * @param in from the proxy
     * @param out to the proxy
     */
    Tunnel(Route route, Proxy proxy, InputStream in, OutputStream out) {
        this.proxy = proxy;
        this.target = route.target().shown();
        this.in = in;
        this.out = out;
    }

    /** The proxy said no. The message is for the user. */
    static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        private final ErrorClass errorClass;
        private final String sentence;

        Refusal(ErrorClass errorClass, String sentence, @Nullable Throwable cause) {
            super(sentence, cause);
            this.errorClass = errorClass;
            this.sentence = sentence;
        }

        DownloadException toException() {
            return new DownloadException(errorClass, sentence, this);
        }

        /** Whether it may be another answer for another address. */
        boolean isForAddress() {
            return errorClass == ErrorClass.NETWORK;
        }
    }

    /**
     * Makes the proxy connect; what is sent and read after that is the target's.
     *
     * @param to an address, or an unresolved name
     * @throws Refusal if the proxy did not
     * @throws IOException if the connection to the proxy failed
     */
    void open(InetSocketAddress to) throws IOException {
        try {
            switch (proxy.kind()) {
                case HTTP -> connect(to);
                case SOCKS5 -> socks(to);
            }
        } catch (EOFException | ConnectionClosedException e) {
            throw refusal(ErrorClass.NETWORK, "ended the connection", e);
        }
    }

    private void connect(InetSocketAddress to) throws IOException {
        var authority = host(to) + ":" + to.getPort();
        var request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
        if (proxy.login() != null) {
            request += "Proxy-Authorization: " + proxy.login().basic() + "\r\n";
        }
        out.write(bytes(request + "\r\n"));
        out.flush();
        var buffer = new SessionInputBufferImpl(BUFFER);
        var status = answer(buffer).getCode();
        if (status < 300 && buffer.length() == 0) {
            return;
        }
        throw switch (status) {
            // Some say 401 where they mean 407.
            case 401, 407 -> unauthorized(" (" + status + ")");
            case 429, 500, 502, 503, 504 ->
                    refusal(
                            ErrorClass.NETWORK,
                            "gets no connection to " + target + " (" + status + ")",
                            null);
            default ->
                    status < 300
                            ? refusal(ErrorClass.PROTOCOL, "speaks before it is asked", null)
                            : refused("(" + status + ")");
        };
    }

    /** The address in digits, though it knows its name; the name where it has no address. */
    private static String host(InetSocketAddress to) {
        var address = to.getAddress();
        if (address == null) {
            return to.getHostString();
        }
        var digits = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + digits.split("%", 2)[0] + "]" : digits;
    }

    private ClassicHttpResponse answer(SessionInputBufferImpl buffer) throws IOException {
        ClassicHttpResponse answer;
        try {
            answer = new HeadParser().parse(buffer, in);
        } catch (BadMessage e) {
            throw refusal(ErrorClass.PROTOCOL, "is no HTTP proxy: it sent " + e.getMessage(), e);
        }
        if (answer == null) {
            throw new EOFException();
        }
        return answer;
    }

    private void socks(InetSocketAddress to) throws IOException {
        var login = proxy.login();
        out.write(
                login == null
                        ? new byte[] {SOCKS, 1, NO_LOGIN_NEEDED}
                        : new byte[] {SOCKS, 2, NO_LOGIN_NEEDED, LOGIN_NEEDED});
        out.flush();
        var replies = new DataInputStream(in);
        expect(SOCKS, replies);
        var method = replies.readUnsignedByte();
        if (method == LOGIN_NEEDED && login != null) {
            present(login, replies);
        } else if (method != NO_LOGIN_NEEDED) {
            throw unauthorized("");
        }
        out.write(request(to));
        out.flush();
        expect(SOCKS, replies);
        var reply = replies.readUnsignedByte();
        if (reply != 0) {
            throw refusalOf(reply);
        }
        replies.readUnsignedByte();
        // Where the proxy connects from is of no interest.
        var length =
                switch (replies.readUnsignedByte()) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> replies.readUnsignedByte();
                    default -> throw refusal(ErrorClass.PROTOCOL, "is no SOCKS5 proxy", null);
                };
        replies.readFully(new byte[length + Short.BYTES]);
    }

    private void present(Login login, DataInputStream replies) throws IOException {
        var name = bytes(login.user());
        var password = bytes(login.password());
        if (name.length > MOST_LOGIN || password.length > MOST_LOGIN) {
            throw refusal(ErrorClass.ACCOUNT, "cannot take credentials of that length", null);
        }
        var request = new byte[name.length + password.length + 3];
        request[0] = LOGIN;
        request[1] = (byte) name.length;
        System.arraycopy(name, 0, request, 2, name.length);
        request[2 + name.length] = (byte) password.length;
        System.arraycopy(password, 0, request, 3 + name.length, password.length);
        out.write(request);
        out.flush();
        expect(LOGIN, replies);
        if (replies.readUnsignedByte() != 0) {
            throw unauthorized("");
        }
    }

    private static byte[] request(InetSocketAddress to) {
        var address = to.getAddress();
        var raw = address == null ? bytes(to.getHostString()) : address.getAddress();
        var named = address == null;
        var head = named ? 5 : 4;
        var request = new byte[head + raw.length + Short.BYTES];
        request[0] = SOCKS;
        request[1] = CONNECT;
        request[3] = (byte) (named ? NAME : address instanceof Inet6Address ? IPV6 : IPV4);
        request[4] = (byte) raw.length; // written over where it is no name
        System.arraycopy(raw, 0, request, head, raw.length);
        request[request.length - 2] = (byte) (to.getPort() >> 8);
        request[request.length - 1] = (byte) to.getPort();
        return request;
    }

    private void expect(int version, DataInputStream replies) throws IOException {
        if (replies.readUnsignedByte() != version) {
            throw refusal(ErrorClass.PROTOCOL, "is no SOCKS5 proxy", null);
        }
    }

    private Refusal refusalOf(int reply) {
        return switch (reply) {
            case 1, 3, 4, 5, 6, 8 ->
                    refusal(
                            ErrorClass.NETWORK,
                            "gets no connection to " + target + " (SOCKS reply " + reply + ")",
                            null);
            case 2 -> refused("by its rules");
            default -> refusal(ErrorClass.PROTOCOL, "answers with SOCKS reply " + reply, null);
        };
    }

    private Refusal unauthorized(String how) {
        return refusal(
                ErrorClass.ACCOUNT,
                proxy.login() == null
                        ? "asks for credentials" + how + "; they belong into the netrc file"
                        : "does not take the credentials it is given" + how + "; check them",
                null);
    }

    private Refusal refused(String how) {
        return refusal(ErrorClass.BLOCKED, "refuses a tunnel to " + target + " " + how, null);
    }

    private Refusal refusal(ErrorClass errorClass, String what, @Nullable Throwable cause) {
        return new Refusal(errorClass, "The proxy " + proxy.shown() + " " + what, cause);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
