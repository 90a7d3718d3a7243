/**
 * Etched records: the shelf they lie on, how they are etched, played and fetched ahead, how they
 * are handed on, and how several listeners hear them in step.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.record.provider;
