/** Rooms between frameworks, and between packaged hosts. */
package dev.capstan.itest.rooms;
