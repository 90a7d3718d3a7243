/** The page that a browser shows of a host. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.web;
