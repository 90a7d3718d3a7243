/** A badly behaved origin to show what a download survives. */
@NullMarked
package dev.capstan.admin.shell.demo;

import org.jspecify.annotations.NullMarked;
