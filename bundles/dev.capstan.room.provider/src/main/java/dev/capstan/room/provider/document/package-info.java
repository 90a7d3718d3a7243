/** Match locks and room files: read, checked, made canonical, signed (R1–R3). */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.provider.document;
