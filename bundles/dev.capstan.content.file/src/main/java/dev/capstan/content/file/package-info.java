/**
 * The content store on plain files: unfinished bytes in staging with a journal of what is there,
 * finished ones under their SHA-256, and an index of lines. Needs no database.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.content.file;
