/** Published ciphers that can be undone from any position. */
@org.jspecify.annotations.NullMarked
package dev.capstan.decrypt.standard;
