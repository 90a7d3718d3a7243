/** Text for terminals and pipes: units, widths, tables, colours, JSON lines. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.text;
