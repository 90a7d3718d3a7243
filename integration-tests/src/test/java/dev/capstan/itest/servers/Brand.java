package dev.capstan.itest.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A web server as Debian packages it, and the smallest configuration that serves a folder. Three
 * folders are served in a way of their own:
 *
 * <ul>
 *   <li>{@code untagged}: without ETag,
 *   <li>{@code offered}: compressed for whoever accepts that,
 *   <li>{@code forced}: compressed although nobody asked.
 * </ul>
 *
 * In the texts, ROOT is the server's own folder, FILES what it serves and PORT where.
 */
enum Brand {
    NGINX(
            "nginx",
            """
            daemon off;
            master_process off;
            pid ROOT/pid;
            error_log ROOT/error.log;
            events {}
            http {
                log_format hit "$status $body_bytes_sent $uri $http_range";
                access_log ROOT/access.log hit;
                client_body_temp_path ROOT/body;
                proxy_temp_path ROOT/proxy;
                fastcgi_temp_path ROOT/fastcgi;
                uwsgi_temp_path ROOT/uwsgi;
                scgi_temp_path ROOT/scgi;
                types { text/plain txt; }
                default_type application/octet-stream;
                server {
                    listen 127.0.0.1:PORT;
                    root FILES;
                    location /untagged/ { etag off; }
                    location /offered/ { gzip on; gzip_types text/plain; }
                    location /forced/ { gzip_static always; }
                }
            }
            """,
            "-e ROOT/error.log -p ROOT -c ROOT/config"),

    APACHE(
            "apache2",
            """
            ServerRoot ROOT
            DefaultRuntimeDir ROOT
            PidFile ROOT/pid
            ServerName localhost
            Listen 127.0.0.1:PORT
            User nobody
            Group nogroup
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule deflate_module /usr/lib/apache2/modules/mod_deflate.so
            LoadModule env_module /usr/lib/apache2/modules/mod_env.so
            LoadModule filter_module /usr/lib/apache2/modules/mod_filter.so
            LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
            TypesConfig /dev/null
            AddType text/plain .txt
            AddEncoding x-gzip .tgz
            ErrorLog ROOT/error.log
            LogFormat "%>s %B %U %{Range}i" hit
            CustomLog ROOT/access.log hit
            DocumentRoot FILES
            <Directory FILES>
                Require all granted
            </Directory>
            <Directory FILES/untagged>
                FileETag None
            </Directory>
            <Directory FILES/offered>
                SetOutputFilter DEFLATE
            </Directory>
            <Directory FILES/forced>
                SetEnv force-gzip 1
                SetOutputFilter DEFLATE
            </Directory>
            """,
            "-X -f ROOT/config"),

    LIGHTTPD(
            "lighttpd",
            """
            server.modules = ("mod_accesslog", "mod_deflate", "mod_rewrite", "mod_setenv")
            server.document-root = "FILES"
            server.bind = "127.0.0.1"
            server.port = PORT
            server.errorlog = "ROOT/error.log"
            accesslog.filename = "|cat >> ROOT/access.log"
            accesslog.format = "%s %b %U %{Range}i"
            # Else it gives the old version of a file for some seconds.
            server.stat-cache-engine = "disable"
            mimetype.assign = (".txt" => "text/plain", "" => "application/octet-stream")
            $HTTP["url"] =~ "^/untagged/" {
                etag.use-inode = "disable"
                etag.use-mtime = "disable"
                etag.use-size = "disable"
            }
            $HTTP["url"] =~ "^/offered/" {
                deflate.mimetypes = ("text/plain")
                deflate.allowed-encodings = ("gzip")
            }
            $HTTP["url"] =~ "^/forced/" {
                url.rewrite-once = ("(.*)" => "$1.gz")
                setenv.add-response-header = ("Content-Encoding" => "gzip")
            }
            """,
            "-D -f ROOT/config"),

    CADDY(
            "caddy",
            """
            {
                admin off
                auto_https off
                storage file_system ROOT
                log {
                    output file ROOT/access.log
                }
            }
            http://127.0.0.1:PORT {
                bind 127.0.0.1
                root * FILES
                log
                header /untagged/* -Etag
                @offered path /offered/*
                encode @offered gzip
                handle /forced/* {
                    rewrite * {path}.gz
                    header Content-Encoding gzip
                    file_server
                }
                file_server
            }
            """,
            "run --adapter caddyfile --config ROOT/config"),

    /** Knows neither ranges nor ETags, and speaks HTTP/1.0. */
    PYTHON("python3", "", "-u -m http.server PORT --bind 127.0.0.1 --directory FILES");

    private static final Path DEFLATE_OF_LIGHTTPD = Path.of("/usr/lib/lighttpd/mod_deflate.so");

    private final String program;
    private final String configuration;
    private final String arguments;

    Brand(String program, String configuration, String arguments) {
        this.program = program;
        this.configuration = configuration;
        this.arguments = arguments;
    }

    /** Why it cannot be started here, if so. */
    Optional<String> missing() {
        if (path().isEmpty()) {
            return Optional.of(program + " is not installed");
        }
        return this == LIGHTTPD && !Files.exists(DEFLATE_OF_LIGHTTPD)
                ? Optional.of("lighttpd has no mod_deflate")
                : Optional.empty();
    }

    boolean hasRanges() {
        return this != PYTHON;
    }

    String configuration() {
        return configuration;
    }

    /** The program and its arguments. */
    List<String> command() {
        return Stream.concat(
                        Stream.of(path().orElseThrow().toString()), Stream.of(arguments.split(" ")))
                .toList();
    }

    // Where administrators' programs are is not on the path of everybody.
    private Optional<Path> path() {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
