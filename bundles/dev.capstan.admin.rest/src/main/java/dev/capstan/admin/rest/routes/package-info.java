/** Paths of REST beside those of downloads: hosts, records, plug-ins, settings, how the host is. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest.routes;
