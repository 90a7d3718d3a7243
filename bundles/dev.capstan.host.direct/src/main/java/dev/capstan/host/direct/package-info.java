/** Files behind plain http, https and file links. */
@org.jspecify.annotations.NullMarked
package dev.capstan.host.direct;
